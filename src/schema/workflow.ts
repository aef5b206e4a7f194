import type { StepStatus } from '../orchestrator/domain/workflow.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import { present } from './arguments.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { AgentNameRef, WorkflowStatusRef } from './enums.ts';
import { connectionOf } from './pagination.ts';
import { DeploymentRef, RewardRef, RoomRef, StartWorkflowPayloadRef, StepRef, WorkflowRef } from './refs.ts';
import { SHARED_PAYLOAD } from './shared-payload.ts';

WorkflowRef.implement({
  description: 'One run of the four agents for one user input.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    room: t.field({
      type: RoomRef,
      description: 'The room that the workflow belongs to.',
      resolve: (workflow, _args, { loaders }) => loaders.room.load(workflow.roomId).then(required),
    }),
    status: t.expose('status', { type: WorkflowStatusRef, description: 'The current status.' }),
    userInput: t.exposeString('userInput', { description: 'What the user asked for, trimmed.' }),
    language: t.exposeString('language', {
      nullable: true,
      description: 'The language that the agents were asked for (BCP 47); null if each agent chooses.',
    }),
    variation: t.exposeInt('variation', {
      nullable: true,
      description: 'Which of several results for the same input the agents were asked for; null if none in particular.',
    }),
    steps: t.field({
      type: [StepRef],
      description: 'Always four, one per agent, in the order in which they run.',
      resolve: (workflow, _args, { loaders }) => loaders.steps.load(workflow.id),
    }),
    completedAgents: t.field({
      type: [AgentNameRef],
      description: 'The agents that succeeded, in the order in which they run.',
      resolve: (workflow, _args, context) => agentsWithStatus('succeeded', workflow, context),
    }),
    failedAgents: t.field({
      type: [AgentNameRef],
      description: 'The agents that failed for good, in the order in which they run.',
      resolve: (workflow, _args, context) => agentsWithStatus('failed', workflow, context),
    }),
    deployment: t.field({
      type: DeploymentRef,
      nullable: true,
      description:
        'The published page; null until DeployAgent succeeds. An earlier agent may have failed nevertheless.',
      resolve: (workflow, _args, { loaders }) => loaders.deployment.load(workflow.id),
    }),
    reward: t.field({
      type: RewardRef,
      nullable: true,
      description: 'The reward, paid once if all four agents succeed; otherwise null.',
      resolve: (workflow, _args, { loaders }) => loaders.reward.load(workflow.id),
    }),
    retryOf: t.field({
      type: WorkflowRef,
      nullable: true,
      description: 'The workflow that this one retries; null unless it was created by retryWorkflow.',
      resolve: ({ retryOfId }, _args, { loaders }) => (retryOfId === null ? null : loaders.workflow.load(retryOfId)),
    }),
    version: t.exposeInt('version', {
      description: 'Grows with each change: of two responses, the one with the larger version is newer.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the workflow was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the workflow or one of its steps last changed.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the workflow began to run; null while it is queued, or if it was cancelled while queued.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the workflow succeeded, failed or was cancelled; null before that.',
    }),
  }),
});

async function agentsWithStatus(status: StepStatus, workflow: WorkflowRecord, { loaders }: GraphQLContext) {
  const steps = await loaders.steps.load(workflow.id);
  return steps.filter((step) => step.status === status).map((step) => step.agent);
}

/** A foreign key guarantees that a workflow's room exists. */
function required<T>(record: T | null): T {
  if (record === null) throw new Error('the room of a workflow is missing');
  return record;
}

export const WorkflowConnectionRef = connectionOf(
  'Workflow',
  WorkflowRef,
  "A page of a room's workflows, newest first.",
);

builder.queryField('workflow', (t) =>
  t.field({
    type: WorkflowRef,
    nullable: true,
    description: 'A workflow of the viewer; null if it does not exist or belongs to someone else.',
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.workflow.load(id),
  }),
);

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
    language: t.string({
      description:
        'The language of the results, as a BCP 47 tag such as `en` or `pt-BR`; sent to every agent. Without it, each ' +
        'agent chooses: the built-in ones take the language of the user input.',
    }),
    variation: t.int({
      description:
        'Asks for another result: sent to every agent. The built-in ones make the same of the same input, language and ' +
        'variation. At least 0.',
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
    resolve: (_root, { input: { userInput, ...optional } }, { workflows, viewerId }) =>
      workflows.start(viewerId, { userInput, ...present(optional) }),
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

builder.subscriptionField('workflowUpdated', (t) =>
  t.field({
    type: WorkflowRef,
    extensions: SHARED_PAYLOAD,
    description:
      'The workflow as it is now, then after each change. Several changes may be merged into one event, but they are ' +
      'never reordered. Ends when the workflow has ended.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND.',
    args: { workflowId: t.arg.id({ required: true, description: 'The workflow to watch.' }) },
    subscribe: (_root, { workflowId }, { subscriptions, viewerId }) =>
      subscriptions.workflowUpdated(viewerId, workflowId),
    resolve: (workflow) => workflow,
  }),
);
