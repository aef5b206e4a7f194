import { DeploymentRef } from './refs.ts';

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
