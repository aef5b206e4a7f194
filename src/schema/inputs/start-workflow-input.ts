import { builder } from '../builder.ts';

export const StartWorkflowInputRef = builder.inputType('StartWorkflowInput', {
  description: 'What a workflow is started with.',
  fields: (t) => ({
    roomId: t.id({ description: 'The room to run it in; a new one is made unless told.' }),
    userInput: t.string({
      required: true,
      description: 'What the user asks for: 1 to 10,000 characters once trimmed.',
    }),
    idempotencyKey: t.string({
      description:
        "1 to 255 characters that make the call safe to repeat: with a key seen before for this viewer, the first call's workflow is returned. " +
        'The same key with other arguments is IDEMPOTENCY_CONFLICT, with extensions.workflowId.',
    }),
  }),
});
