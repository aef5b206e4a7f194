import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { ARTIFACT_KINDS, artifactsOf } from '../orchestrator/domain/artifacts.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { enumValues } from './enums.ts';
import { ArtifactRef, WorkflowRef } from './refs.ts';

const ArtifactKindRef = builder.enumType('ArtifactKind', {
  description: 'What an artifact is.',
  values: enumValues(ARTIFACT_KINDS, {
    story: 'The story.',
    image: 'The picture.',
    code: 'The source of the page.',
    page: 'The published page.',
  }),
});

ArtifactRef.implement({
  description: "Something that an agent made. What the agent's result does not say, and is not stored here, is null.",
  fields: (t) => ({
    kind: t.expose('kind', { type: ArtifactKindRef, description: 'What it is.' }),
    step: t.exposeString('step', { description: 'The step that made it: `story`, `asset`, `code` or `deploy`.' }),
    cid: t.exposeString('cid', { nullable: true, description: 'The CID of its content.' }),
    url: t.exposeString('url', { nullable: true, description: 'Where it can be fetched.' }),
    contentType: t.exposeString('contentType', { nullable: true, description: 'Its media type.' }),
    bytes: t.exposeInt('bytes', { nullable: true, description: 'Its size in bytes.' }),
  }),
});

builder.objectField(WorkflowRef, 'artifacts', (t) =>
  t.field({
    type: [ArtifactRef],
    description: 'What the agents have made so far, in the order of the steps.',
    resolve: (workflow, _args, context) => readArtifacts(workflow, context),
  }),
);

async function readArtifacts({ id }: WorkflowRecord, { loaders }: GraphQLContext) {
  const results = await Promise.all(
    AGENT_NAMES.map(async (agent) => [agent, await loaders.result.load({ workflowId: id, agent })] as const),
  );
  const artifacts = artifactsOf(Object.fromEntries(results.filter(([, result]) => result !== null)));
  return Promise.all(
    artifacts.map(async (artifact) => {
      if (artifact.bytes !== null || artifact.cid === null) return artifact;
      const stored = await loaders.storedContent.load(artifact.cid);
      return stored === null ? artifact : { ...artifact, contentType: stored.contentType, bytes: stored.bytes };
    }),
  );
}
