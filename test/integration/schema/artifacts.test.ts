import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContentStore } from '../../../src/db/content-store.ts';
import { steps } from '../../../src/db/tables.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { contextOf, dataOf } from '../../support/graphql/execute.ts';

let database: TestDatabase;
let workflowId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const roomId = await insertRoom(database.db, 'alice');
  workflowId = await insertWorkflow(database.db, { viewerId: 'alice', roomId });
});
afterAll(() => database.drop());

async function setResult(agent: AgentName, result: Record<string, unknown> | null) {
  const isStep = and(eq(steps.workflowId, workflowId), eq(steps.agent, agent));
  await database.db
    .update(steps)
    .set(result === null ? { result, status: 'cancelled' } : { result })
    .where(isStep);
}

const artifacts = async () => {
  const query = `{ workflow(id: "${workflowId}") { artifacts { kind step cid url contentType bytes } } }`;
  const { workflow } = await dataOf<{ workflow: { artifacts: unknown[] } }>(contextOf(database.db, 'alice'), query);
  return workflow.artifacts;
};

test('a workflow lists what its agents made, with what is known of it', async () => {
  await createContentStore(database.db).put('bafyimage', {
    contentType: 'image/svg+xml',
    bytes: Buffer.from('<svg/>'),
  });
  await setResult('story', { story: 'Été.', cid: 'story-cid' });
  await setResult('asset', { imageCid: 'bafyimage', imageUrl: 'http://localhost/image' });
  await setResult('code', { code: '<p>', cid: 'code-cid' });
  await setResult('deploy', { success: true, deploymentUrl: 'http://localhost/page', cid: 'elsewhere' });
  const text = 'text/plain; charset=utf-8';
  expect(await artifacts()).toEqual([
    { kind: 'STORY', step: 'story', cid: 'story-cid', url: null, contentType: text, bytes: 6 },
    {
      kind: 'IMAGE',
      step: 'asset',
      cid: 'bafyimage',
      url: 'http://localhost/image',
      contentType: 'image/svg+xml',
      bytes: 6,
    },
    { kind: 'CODE', step: 'code', cid: 'code-cid', url: null, contentType: 'text/html; charset=utf-8', bytes: 3 },
    { kind: 'PAGE', step: 'deploy', cid: 'elsewhere', url: 'http://localhost/page', contentType: null, bytes: null },
  ]);
});

test('a step without a result made nothing, and what a result does not say is null', async () => {
  await setResult('story', null);
  await setResult('asset', { imageCid: 7 });
  await setResult('deploy', { success: true, cid: '\u0000' });
  const [first, ...others] = await artifacts();
  expect(first).toEqual({ kind: 'IMAGE', step: 'asset', cid: null, url: null, contentType: null, bytes: null });
  expect(others).toHaveLength(2);
});
