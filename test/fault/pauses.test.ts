import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { query } from '../support/clients/graphql-clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflow, test, type WorkflowRef } from './support/cluster.ts';
import { expectInvariants } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const ROUNDS = FULL ? 4 : 1;
/** A worker counts as dead after a shorter pause than this, so some pauses cost a worker its leases and some do not. */
const LONGEST_PAUSE_MS = 12_000;

test('workers that are paused and resumed at random repeat no finished agent', {
  timeout: 300_000,
}, async ({ cluster }) => {
  const { below } = seededRandom('pauses');
  for (const agent of AGENT_NAMES) {
    cluster.agents.script[agent] = () =>
      stream([{ log: 'begins' }, sleep(20 + below(200)), { log: 'goes on' }, { result: GOOD_ANSWERS[agent] }]);
  }
  const api = await cluster.spawn({ ROLE: 'api' });
  const workers = await Promise.all([1, 2, 3].map(() => cluster.spawn({ ROLE: 'worker' })));
  const started: Promise<WorkflowRef>[] = [];
  let pausing = workers.length;
  const pauses = workers.map(async ({ pid }) => {
    for (let round = 1; round <= ROUNDS; round++) {
      const enough = cluster.agents.calls.length + 1 + below(40);
      await waitFor('calls in flight', () => cluster.agents.calls.length >= enough, 120_000);
      process.kill(pid, 'SIGSTOP');
      await sleep(500 + below(LONGEST_PAUSE_MS));
      process.kill(pid, 'SIGCONT');
    }
    pausing -= 1;
  });
  while (pausing > 0) {
    for (let more = 1; more <= 4; more++) started.push(startWorkflow(() => api.graphqlUrl, `pauses-${started.length}`));
    await sleep(250);
  }
  await Promise.all(pauses);
  const finished = await expectInvariants(cluster.database, cluster.agents, await Promise.all(started));
  expect(finished.every(({ status }) => status === 'succeeded')).toBe(true);
  console.log(`${finished.length} workflows, ${cluster.agents.calls.length} calls`);
});

test('a paused worker that wakes up after another took over changes nothing, not even the log', {
  timeout: 120_000,
}, async ({ cluster }) => {
  const late = Promise.withResolvers<void>();
  cluster.agents.script.asset = (_call, nth) =>
    nth === 1
      ? stream([{ log: 'before the pause' }, late.promise, { log: 'too late' }, { result: { imageCid: 'late' } }])
      : undefined;
  const api = await cluster.spawn({ ROLE: 'api' });
  const worker = await cluster.spawn({ ROLE: 'worker' });
  const workflow = await startWorkflow(() => api.graphqlUrl, 'paused');
  await cluster.agents.waitForCall('asset');
  process.kill(worker.pid, 'SIGSTOP');
  await cluster.spawn({ ROLE: 'worker' });
  await expectInvariants(cluster.database, cluster.agents, [workflow]);
  late.resolve();
  process.kill(worker.pid, 'SIGCONT');
  // Its next heartbeat tells the worker that it lost its leases. It keeps working and may run the next workflow.
  const next = await startWorkflow(() => api.graphqlUrl, 'after the pause');
  await expectInvariants(cluster.database, cluster.agents, [workflow, next]);
  const log = `query ($id: ID!) { room(id: $id) { logs(first: 100) { edges { node { message } } } } }`;
  const { data } = await query<{ room: { logs: { edges: { node: { message: string } }[] } } }>(api.graphqlUrl, log, {
    id: workflow.roomId,
  });
  expect(data?.room.logs.edges.map(({ node }) => node.message)).not.toContain('too late');
});

test('a worker that was idle during a pause runs the next workflow', { timeout: 120_000 }, async ({ cluster }) => {
  const api = await cluster.spawn({ ROLE: 'api' });
  const worker = await cluster.spawn({ ROLE: 'worker' });
  const first = await startWorkflow(() => api.graphqlUrl, 'before the pause');
  await expectInvariants(cluster.database, cluster.agents, [first]);
  // Each queue waits for its next job.
  await sleep(1_000);
  process.kill(worker.pid, 'SIGSTOP');
  // Longer than a queue waits for a job, so that it opens its connection again.
  await sleep(8_000);
  process.kill(worker.pid, 'SIGCONT');
  const next = await startWorkflow(() => api.graphqlUrl, 'after the pause');
  await expectInvariants(cluster.database, cluster.agents, [next]);
});
