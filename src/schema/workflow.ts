import type { StepStatus } from '../orchestrator/domain/workflow.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { AgentNameRef, WorkflowStatusRef } from './enums.ts';
import { DeploymentRef, RewardRef, RoomRef, StepRef, WorkflowRef } from './refs.ts';
import { SHARED } from './shared-payload.ts';

WorkflowRef.implement({
  description: 'One run of the four agents for one user input.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    room: t.field({
      type: RoomRef,
      description: 'The room it runs in.',
      resolve: (workflow, _args, { loaders }) => loaders.room.load(workflow.roomId).then(required),
    }),
    status: t.expose('status', { type: WorkflowStatusRef, description: 'Where it stands.' }),
    userInput: t.exposeString('userInput', { description: 'What the user asked for, trimmed.' }),
    steps: t.field({
      type: [StepRef],
      description: 'Always the four, in the order in which they run.',
      resolve: (workflow, _args, { loaders }) => loaders.steps.load(workflow.id),
    }),
    completedAgents: t.field({
      type: [AgentNameRef],
      description: 'Agents whose result is saved, in the order in which they run.',
      resolve: (workflow, _args, context) => agentsWhoseStep('succeeded', workflow, context),
    }),
    failedAgents: t.field({
      type: [AgentNameRef],
      description: 'Agents that failed for good, in the order in which they run.',
      resolve: (workflow, _args, context) => agentsWhoseStep('failed', workflow, context),
    }),
    deployment: t.field({
      type: DeploymentRef,
      nullable: true,
      description: 'What DeployAgent published; null until it has. It is there also when an earlier agent failed.',
      resolve: (workflow, _args, { loaders }) => loaders.deployment.load(workflow.id),
    }),
    reward: t.field({
      type: RewardRef,
      nullable: true,
      description: 'Paid once, when all four agents succeeded; null otherwise.',
      resolve: (workflow, _args, { loaders }) => loaders.reward.load(workflow.id),
    }),
    retryOf: t.field({
      type: WorkflowRef,
      nullable: true,
      description: 'The workflow whose results it took over, when retryWorkflow made it.',
      resolve: ({ retryOfId }, _args, { loaders }) => (retryOfId === null ? null : loaders.workflow.load(retryOfId)),
    }),
    version: t.exposeInt('version', {
      description: 'Grows with each change: of two answers the one with the larger version is the newer.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it, or one of its steps, last changed.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began to run; null while it is queued, or when it was cancelled before.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it succeeded, failed or was cancelled; null before.',
    }),
  }),
});

async function agentsWhoseStep(status: StepStatus, workflow: WorkflowRecord, { loaders }: GraphQLContext) {
  const steps = await loaders.steps.load(workflow.id);
  return steps.filter((step) => step.status === status).map((step) => step.agent);
}

/** A workflow's room is there as long as the workflow is: a foreign key says so. */
function required<T>(record: T | null): T {
  if (record === null) throw new Error('A workflow whose room is not there.');
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
    description: "A workflow of the viewer's; null when it does not exist or is another's: the two look the same.",
    args: { id: t.arg.id({ required: true, description: 'The id of the workflow.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.workflow.load(id),
  }),
);

builder.subscriptionField('workflowUpdated', (t) =>
  t.field({
    type: WorkflowRef,
    extensions: SHARED,
    description:
      'The workflow as it is now, then as it is after changes: several may be merged, never reordered. Ends after ' +
      'the workflow has.\n\n' +
      'Errors: WORKFLOW_NOT_FOUND.',
    args: { workflowId: t.arg.id({ required: true, description: 'The workflow to watch.' }) },
    subscribe: (_root, { workflowId }, { watch, viewerId }) => watch.workflowUpdated(viewerId, workflowId),
    resolve: (workflow) => workflow,
  }),
);
