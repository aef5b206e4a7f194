import { present } from './arguments.ts';
import { builder } from './builder.ts';
import { AgentNameRef } from './enums.ts';
import { RoomRef, StartWorkflowPayloadRef, WorkflowRef } from './refs.ts';

StartWorkflowPayloadRef.implement({
  description: 'The result of startWorkflow and retryWorkflow.',
  fields: (t) => ({
    workflow: t.expose('workflow', {
      type: WorkflowRef,
      description: "The new workflow; if replayed, the first call's.",
    }),
    room: t.expose('room', { type: RoomRef, description: 'The room of the workflow.' }),
    replayed: t.exposeBoolean('replayed', {
      description: 'True if the idempotency key was used before, so that nothing new was started.',
    }),
    logCursor: t.exposeID('logCursor', {
      nullable: true,
      description:
        "Pass it to agentLogs as `after` to get every line of this workflow; if replayed, of the first call's. Null if " +
        'the room has no earlier lines: omit `after` then.',
    }),
  }),
});

const StartWorkflowInputRef = builder.inputType('StartWorkflowInput', {
  description: 'The input of startWorkflow.',
  fields: (t) => ({
    roomId: t.id({
      description:
        'The room to run the workflow in. Without it, a new room is created, titled with the beginning of the user input.',
    }),
    userInput: t.string({
      required: true,
      description: 'What the user asks for, 1 to 10,000 characters after trimming.',
    }),
    idempotencyKey: t.string({
      description:
        '1 to 255 characters that make it safe to repeat the call. If the viewer has used the key before, the workflow ' +
        'of the first call is returned. The same key with different arguments is IDEMPOTENCY_CONFLICT, with ' +
        'extensions.workflowId.',
    }),
  }),
});

builder.mutationField('startWorkflow', (t) =>
  t.field({
    type: StartWorkflowPayloadRef,
    description:
      'Runs the four agents for a user input. The status of the room is RUNNING from this call on.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_ALREADY_RUNNING with extensions.workflowId, if the room has an unfinished ' +
      'workflow; IDEMPOTENCY_CONFLICT with extensions.workflowId; INVALID_INPUT with extensions.field.',
    args: { input: t.arg({ type: StartWorkflowInputRef, required: true, description: 'What to start.' }) },
    resolve: (_root, { input: { userInput, roomId, idempotencyKey } }, { workflows, viewerId }) =>
      workflows.start(viewerId, { userInput, ...present({ roomId, idempotencyKey }) }),
  }),
);

builder.mutationField('cancelWorkflow', (t) =>
  t.field({
    type: WorkflowRef,
    description:
      'Cancels a workflow: the agent call in flight is aborted, and steps without a result become CANCELLED. A ' +
      'workflow that is already cancelled is returned unchanged.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; WORKFLOW_FINISHED if the workflow has succeeded or failed.',
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { workflows, viewerId }) => workflows.cancel(viewerId, id),
  }),
);

builder.mutationField('retryWorkflow', (t) =>
  t.field({
    type: StartWorkflowPayloadRef,
    description:
      'Starts a new workflow for the same input in the same room. It takes over the results of the agents before ' +
      '`from`, which are not called again.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; NOTHING_TO_RETRY if all four agents succeeded and `from` is absent; ' +
      'WORKFLOW_ALREADY_RUNNING and IDEMPOTENCY_CONFLICT with extensions.workflowId; INVALID_INPUT with ' +
      'extensions.field.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the workflow to retry.' }),
      from: t.arg({
        type: AgentNameRef,
        description:
          'The agent to begin with. Defaults to the first agent without a result; an earlier agent is allowed, a later ' +
          'one is INVALID_INPUT.',
      }),
      idempotencyKey: t.arg.string({
        description: 'Makes it safe to repeat the call, as in StartWorkflowInput.',
      }),
    },
    resolve: (_root, { id, from, idempotencyKey }, { workflows, viewerId }) =>
      workflows.retry(viewerId, id, present({ from, idempotencyKey })),
  }),
);
