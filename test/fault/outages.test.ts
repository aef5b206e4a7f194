import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { connectDb } from '../../src/db/client.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.ts';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { after, json, stream } from '../support/agents/scripted-answers.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Cluster, startWorkflow, test, type WorkflowRef } from './support/cluster.ts';
import { callsFor, expectInvariants } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const WORKFLOWS = FULL ? 100 : 20;
const OUTAGES = FULL ? 5 : 2;

function answerSlowly({ agents }: Cluster, below: (limit: number) => number): void {
  for (const agent of AGENT_NAMES) {
    const pause = () => sleep(20 + below(150));
    agents.script[agent] = () => stream([{ log: 'begins' }, pause(), { result: GOOD_ANSWERS[agent] }]);
  }
}

/** Starts a batch of workflows before each outage, which begins when some of their calls are in flight. */
async function runThroughOutages(cluster: Cluster, name: string, outage: () => Promise<void>): Promise<WorkflowRef[]> {
  const { below } = seededRandom(name);
  answerSlowly(cluster, below);
  const processes = await Promise.all([cluster.spawn(), cluster.spawn({ ROLE: 'worker' })]);
  const url = () => processes[0].graphqlUrl;
  const started: Promise<WorkflowRef>[] = [];
  for (let round = 1; round <= OUTAGES; round++) {
    const enough = cluster.agents.calls.length + 1 + below(WORKFLOWS / OUTAGES);
    while (started.length < (WORKFLOWS * round) / OUTAGES)
      started.push(startWorkflow(url, `${name}-${started.length}`));
    await waitFor('calls in flight', () => cluster.agents.calls.length >= enough);
    await outage();
  }
  return await Promise.all(started);
}

describe('outages of Redis', () => {
  test('a Redis that restarts empty loses no workflow, and no call is made twice', {
    timeout: 600_000,
  }, async ({ cluster }) => {
    const workflows = await runThroughOutages(cluster, 'redis', async () => {
      await cluster.redis.stop();
      // Meanwhile calls in flight end and are saved. The next step waits for Redis or runs in the same process.
      await sleep(500);
      await cluster.redis.start();
    });
    const finished = await expectInvariants(cluster.database, cluster.agents, workflows);
    expect(finished.every(({ status }) => status === 'succeeded')).toBe(true);
    for (const { id } of workflows)
      for (const agent of AGENT_NAMES) expect(callsFor(cluster.agents, id, agent)).toHaveLength(1);
  });

  test('a workflow that starts while Redis is down runs as soon as Redis is back', async ({ cluster }) => {
    const gate = Promise.withResolvers<void>();
    cluster.agents.script.story = () => after(gate.promise, json(GOOD_ANSWERS.story));
    const service = await cluster.spawn();
    const first = await startWorkflow(() => service.graphqlUrl, 'before');
    await cluster.agents.waitForCall('story');
    await cluster.redis.stop();
    const second = await startWorkflow(() => service.graphqlUrl, 'meanwhile');
    gate.resolve();
    // The process of the first workflow runs the next steps itself.
    await cluster.agents.waitForCall('deploy');
    await cluster.redis.start();
    const finished = await expectInvariants(cluster.database, cluster.agents, [first, second]);
    expect(finished.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });
});

describe('outages of PostgreSQL', () => {
  test('restarts of PostgreSQL lose no workflow: work in progress is saved or repeated', {
    timeout: 600_000,
  }, async ({ cluster }) => {
    const folder = await makeTemporaryFolder();
    const launch = () => startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => {} });
    let server = await launch();
    // PostgreSQL gets a new port at each start; its clients keep using the proxy's.
    const proxy = await startTcpProxy(() => Number(new URL(server.url).port));
    const url = new URL(server.url);
    url.port = String(proxy.port);
    const database = connectDb(url.href);
    try {
      const own: Cluster = { ...cluster, spawn: (env) => cluster.spawn({ DATABASE_URL: url.href, ...env }) };
      const workflows = await runThroughOutages(own, 'postgres', async () => {
        await server.close();
        server = await launch();
      });
      const finished = await expectInvariants({ ...cluster.database, ...database }, cluster.agents, workflows);
      expect(finished.every(({ status }) => status === 'succeeded')).toBe(true);
    } finally {
      for (const process of cluster.processes) await process.stop('SIGKILL');
      await database.close();
      await proxy.close();
      await server.close();
      await rm(server.location, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    }
  });
});
