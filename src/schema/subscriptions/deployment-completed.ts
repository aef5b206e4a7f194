import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { instantArg } from '../scalars/instant.ts';
import { SHARED } from '../shared.ts';
import { DeploymentCompletedRef } from '../types/refs.ts';

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
