import { present } from './arguments.ts';
import { builder } from './builder.ts';
import { instantArg } from './instant.ts';
import { DeploymentCompletedRef, DeploymentRef } from './refs.ts';
import { SHARED_PAYLOAD } from './shared-payload.ts';

DeploymentRef.implement({
  description: 'The page that DeployAgent published for a workflow.',
  fields: (t) => ({
    deploymentUrl: t.exposeString('deploymentUrl', { description: 'The URL of the page.' }),
    codeCid: t.exposeString('codeCid', {
      nullable: true,
      description: 'The CID of the published code; null if CodeAgent failed.',
    }),
    completedAt: t.expose('completedAt', { type: 'DateTime', description: 'When the page was published.' }),
  }),
});

DeploymentCompletedRef.implement({
  description: 'An event: a page was published in a room.',
  fields: (t) => ({
    roomId: t.exposeID('roomId', { description: 'The room.' }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow whose page was published.' }),
    deploymentUrl: t.exposeString('deploymentUrl', { description: 'The URL of the page.' }),
    codeCid: t.exposeString('codeCid', {
      nullable: true,
      description: 'The CID of the published code; null if CodeAgent failed.',
    }),
    timestamp: t.expose('completedAt', {
      type: 'DateTime',
      description: 'When the page was published. Pass it as `since` to resume after this event.',
    }),
  }),
});

builder.subscriptionField('deploymentCompleted', (t) =>
  t.field({
    type: DeploymentCompletedRef,
    extensions: SHARED_PAYLOAD,
    description:
      'The deployments of a room as they are completed. Does not end by itself. With `workflowId`, it ends after the ' +
      'deployment of that workflow, or when the workflow ends without one.\n\n' +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_NOT_FOUND; INVALID_INPUT with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room to watch.' }),
      workflowId: t.arg.id({
        description: 'Only the deployment of this workflow, even if it was completed before the subscription began.',
      }),
      since: t.arg({
        type: 'DateTime',
        description: 'Begin with the deployments completed after this instant. By default, with the next one.',
      }),
    },
    subscribe: (_root, { roomId, workflowId, since }, { subscriptions, viewerId }) =>
      subscriptions.deploymentCompleted(viewerId, {
        roomId,
        ...present({ workflowId, since: instantArg('since', since) }),
      }),
    resolve: (deployment) => deployment,
  }),
);
