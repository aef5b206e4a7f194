import { builder } from './builder.ts';
import { AgentNameRef } from './enums.ts';
import { present } from './present.ts';
import { RoomRef, StartWorkflowPayloadRef, WorkflowRef } from './refs.ts';

StartWorkflowPayloadRef.implement({
  description: 'What startWorkflow and retryWorkflow made.',
  fields: (t) => ({
    workflow: t.expose('workflow', {
      type: WorkflowRef,
      description: "The new workflow; when replayed, the first call's.",
    }),
    room: t.expose('room', { type: RoomRef, description: 'The room it runs in.' }),
    replayed: t.exposeBoolean('replayed', {
      description: 'True when the idempotency key was seen before, and so nothing new was started.',
    }),
    logCursor: t.exposeID('logCursor', {
      nullable: true,
      description:
        "Passed to agentLogs as `after`, no line of this workflow is missed; when replayed, the first call's. Null in " +
        'a room without earlier lines: leave `after` out.',
    }),
  }),
});

const StartWorkflowInputRef = builder.inputType('StartWorkflowInput', {
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

builder.mutationField('cancelWorkflow', (t) =>
  t.field({
    type: WorkflowRef,
    description:
      'Stops a workflow: the agent call in flight is given up, and steps without a result become CANCELLED. One that ' +
      'is cancelled already is returned as it is.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; WORKFLOW_FINISHED when it ended otherwise.',
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { workflows, viewerId }) => workflows.cancel(viewerId, id),
  }),
);

builder.mutationField('retryWorkflow', (t) =>
  t.field({
    type: StartWorkflowPayloadRef,
    description:
      'Starts a new workflow for the same input in the same room. It keeps the results of the agents before `from`, ' +
      'which are not called again.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND; NOTHING_TO_RETRY when all four succeeded and there is no `from`; ' +
      'WORKFLOW_ALREADY_RUNNING and IDEMPOTENCY_CONFLICT, with extensions.workflowId; INVALID_INPUT, with ' +
      'extensions.field.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the workflow to retry.' }),
      from: t.arg({
        type: AgentNameRef,
        description: 'The agent to begin with: the first one without a result, unless told, or an earlier one.',
      }),
      idempotencyKey: t.arg.string({ description: 'Makes the call safe to repeat, as in StartWorkflowInput.' }),
    },
    resolve: (_root, { id, from, idempotencyKey }, { workflows, viewerId }) =>
      workflows.retry(viewerId, id, present({ from, idempotencyKey })),
  }),
);
