import { DeploymentCompletedRef } from './refs.ts';

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
