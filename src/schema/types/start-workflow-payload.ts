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
