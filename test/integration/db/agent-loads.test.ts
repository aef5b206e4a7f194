import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentLoads, readAgentLoads } from '../../../src/db/reads/agent-loads.ts';
import { createWorkflowReads } from '../../../src/db/reads/workflow-reads.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { nodesOf, planOf } from '../../support/databases/query-plans.ts';
import { insertQueuedWorkflow, insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A workflow that began an hour ago, and whose step before this one ended `secondsAgo`. */
async function workflowAt(agent: AgentName, secondsAgo: number): Promise<string> {
  const { db, client } = database;
  const id = await insertQueuedWorkflow(db, { viewerId: 'mary', roomId: await insertRoom(db, 'mary') });
  await client`update workflows set status = 'running', started_at = now() - interval '1 hour' where id = ${id}`;
  await client`
    update steps set status = 'succeeded', result = '{}', finished_at = now() - ${secondsAgo} * interval '1 second'
    where workflow_id = ${id} and agent < ${agent}`;
  return id;
}

test('a leased step is running, a ready one waits for a slot since the step before it ended, and one in backoff does neither', async () => {
  const { client } = database;
  const worker = randomUUID();
  await client`insert into workers (id) values (${worker}), (${randomUUID()})`;
  await client`insert into workers (id, seen_at) values (${randomUUID()}, now() - interval '1 minute')`;
  const running = await workflowAt('asset', 5);
  await client`
    update steps set status = 'running', attempt = 1, lease_worker_id = ${worker}, available_at = now()
    where workflow_id = ${running} and agent = 'asset'`;
  for (const secondsAgo of [90, 30]) {
    const waiting = await workflowAt('asset', secondsAgo);
    await client`update steps set available_at = now() where workflow_id = ${waiting} and agent = 'asset'`;
  }
  const setRetry = async (id: string, seconds: number) => client`
    update steps set status = 'waiting_to_retry', attempt = 1, available_at = now(), error = 'x', error_code = 'TIMEOUT',
      next_attempt_at = now() + ${seconds} * interval '1 second'
    where workflow_id = ${id} and agent = 'code'`;
  await setRetry(await workflowAt('code', 100), 60);
  await setRetry(await workflowAt('code', 100), -10);

  const { agents, workers } = await readAgentLoads(client);
  expect(workers).toBe(2);
  expect(agents.map(({ agent, running: calls, waiting }) => [agent, calls, waiting])).toEqual([
    ['story', 0, 0],
    ['asset', 1, 2],
    ['code', 0, 1],
    ['deploy', 0, 0],
  ]);
  const [story, asset, code] = agents;
  expect(story?.oldestWaitingMs).toBeNull();
  expect(asset?.oldestWaitingMs).toBeGreaterThan(89_000);
  expect(asset?.oldestWaitingMs).toBeLessThan(150_000);
  expect(code?.oldestWaitingMs).toBeLessThan(70_000);
});

test('the attempts that failed in the last ten minutes are counted, and cost the same however many there were before', async () => {
  const { client } = database;
  const id = await workflowAt('deploy', 1);
  await client`
    insert into attempts (workflow_id, agent, number, started_at, finished_at, error, error_code)
    select ${id}, 'story', n, now() - n * interval '4 minutes', now(), 'x', 'TIMEOUT' from generate_series(1, 20000) as n`;
  await client`insert into attempts (workflow_id, agent, number, finished_at) values (${id}, 'asset', 1, now())`;
  await client`
    insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, log_end_seq, started_at, finished_at)
    select gen_random_uuid(), room_id, viewer_id, 'succeeded', 'x', 0, 1, now(), now()
    from workflows, generate_series(1, 5000) where id = ${id}`;
  await client`
    insert into steps (workflow_id, agent, status, result, finished_at)
    select id, agent, 'succeeded', '{}', now()
    from workflows, unnest(enum_range(null::agent_name)) as agent where status = 'succeeded'`;
  await client`vacuum analyze`;

  const { agents } = await readAgentLoads(client);
  expect(agents.map(({ recentFailures }) => recentFailures)).toEqual([2, 0, 0, 0]);
  const nodes = nodesOf(await planOf(client, agentLoads(client)));
  expect(nodes.map(({ index }) => index)).toEqual(expect.arrayContaining(['steps_available', 'attempts_failed']));
  expect(nodes[0]?.blocks).toBeLessThan(100);
});

test("a viewer's activity counts only the viewer's own workflows, running and queued", async () => {
  const { db } = database;
  const reads = createWorkflowReads(db);
  expect(await reads.activity('nobody')).toEqual({ running: 0, queued: 0, oldestQueuedAt: null });
  const before = Date.now() - 1_000;
  for (let n = 0; n < 2; n += 1) {
    await insertQueuedWorkflow(db, { viewerId: 'ada', roomId: await insertRoom(db, 'ada') });
  }
  const { running, queued, oldestQueuedAt } = await reads.activity('ada');
  expect([running, queued]).toEqual([0, 2]);
  expect(Math.abs((oldestQueuedAt?.getTime() ?? 0) - before)).toBeLessThan(60_000);
  expect((await reads.activity('mary')).running).toBeGreaterThan(0);
});
