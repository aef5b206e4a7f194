import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { StartWorkflowInputRef } from '../inputs/start-workflow-input.ts';
import { StartWorkflowPayloadRef } from '../types/refs.ts';

builder.mutationField('startWorkflow', (t) =>
  t.field({
    type: StartWorkflowPayloadRef,
    description:
      'Starts the four agents on an input. The room is RUNNING from this call on.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_ALREADY_RUNNING, with extensions.workflowId, while the room has an unfinished ' +
      'workflow; IDEMPOTENCY_CONFLICT, with extensions.workflowId; INVALID_INPUT, with extensions.field.',
    args: { input: t.arg({ type: StartWorkflowInputRef, required: true, description: 'What to start it with.' }) },
    resolve: (_root, { input: { userInput, roomId, idempotencyKey } }, { workflows, viewerId }) =>
      workflows.start(viewerId, { userInput, ...present({ roomId, idempotencyKey }) }),
  }),
);
