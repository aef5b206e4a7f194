import { builder } from './builder.ts';
import { instantArg } from './instant.ts';
import { present } from './present.ts';
import { DeploymentCompletedRef, DeploymentRef } from './refs.ts';
import { SHARED } from './shared-payload.ts';

DeploymentRef.implement({
  description: "What a workflow's DeployAgent published.",
  fields: (t) => ({
    deploymentUrl: t.exposeString('deploymentUrl', { description: 'Where it can be seen.' }),
    codeCid: t.exposeString('codeCid', {
      nullable: true,
      description: 'The CID of the code that was published; null when CodeAgent had failed.',
    }),
    completedAt: t.expose('completedAt', { type: 'DateTime', description: 'When it was published.' }),
  }),
});

DeploymentCompletedRef.implement({
  description: 'A deployment of a room was completed.',
  fields: (t) => ({
    roomId: t.exposeID('roomId', { description: 'The room.' }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow that made it.' }),
    deploymentUrl: t.exposeString('deploymentUrl', { description: 'Where it can be seen.' }),
    codeCid: t.exposeString('codeCid', {
      nullable: true,
      description: 'The CID of the code that was published; null when CodeAgent had failed.',
    }),
    timestamp: t.expose('completedAt', {
      type: 'DateTime',
      description: 'When it was completed; pass it back as `since`.',
    }),
  }),
});

builder.subscriptionField('deploymentCompleted', (t) =>
  t.field({
    type: DeploymentCompletedRef,
    extensions: SHARED,
    description:
      'Each deployment of the room as it is completed. Does not end by itself, except with `workflowId`: after that ' +
      "workflow's deployment, or when it ends without one.\n\n" +
      'Errors: ROOM_NOT_FOUND; WORKFLOW_NOT_FOUND; INVALID_INPUT, with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room to watch.' }),
      workflowId: t.arg.id({
        description: 'Only the deployment of this workflow of the room, also when it was completed before.',
      }),
      since: t.arg({
        type: 'DateTime',
        description: 'Also deployments completed after this instant; none unless told.',
      }),
    },
    subscribe: (_root, { roomId, workflowId, since }, { watch, viewerId }) =>
      watch.deploymentCompleted(viewerId, {
        roomId,
        ...present({
          workflowId,
          since: instantArg('since', since),
        }),
      }),
    resolve: (deployment) => deployment,
  }),
);
