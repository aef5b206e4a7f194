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
import { FULL, seeded } from './support/seeded.ts';
import { callsFor, expectSound } from './support/soundness.ts';
import { start, test, type Workflow, type World } from './support/world.ts';

const WORKFLOWS = FULL ? 100 : 20;
const OUTAGES = FULL ? 5 : 2;

function answerSlowly({ agents }: World, below: (limit: number) => number): void {
  for (const agent of AGENT_NAMES) {
    const pause = () => sleep(20 + below(150));
    agents.script[agent] = () => stream([{ log: 'begins' }, pause(), { result: GOOD_ANSWERS[agent] }]);
  }
}

/** A batch of workflows is started before each outage, and the outage begins when some of their calls are under way. */
async function throughOutages(world: World, name: string, outage: () => Promise<void>): Promise<Workflow[]> {
  const { below } = seeded(name);
  answerSlowly(world, below);
  const processes = await Promise.all([world.spawn(), world.spawn({ ROLE: 'worker' })]);
  const url = () => processes[0].graphqlUrl;
  const started: Promise<Workflow>[] = [];
  for (let round = 1; round <= OUTAGES; round++) {
    const enough = world.agents.calls.length + 1 + below(WORKFLOWS / OUTAGES);
    while (started.length < (WORKFLOWS * round) / OUTAGES) started.push(start(url, `${name}-${started.length}`));
    await waitFor('calls under way', () => world.agents.calls.length >= enough);
    await outage();
  }
  return await Promise.all(started);
}

describe('Redis', () => {
  test('is stopped and started again, empty each time: everything goes on, nothing is done twice', {
    timeout: 600_000,
  }, async ({ world }) => {
    const workflows = await throughOutages(world, 'redis', async () => {
      await world.redis.stop();
      // Calls in flight end and are saved meanwhile; what comes next waits, or goes on in the same process.
      await sleep(500);
      await world.redis.start();
    });
    const finals = await expectSound(world.database, world.agents, workflows);
    expect(finals.every(({ status }) => status === 'succeeded')).toBe(true);
    for (const { id } of workflows)
      for (const agent of AGENT_NAMES) expect(callsFor(world.agents, id, agent)).toHaveLength(1);
  });

  test('is away when a workflow is started and when its calls end: it is worked on when Redis is back', async ({
    world,
  }) => {
    const gate = Promise.withResolvers<void>();
    world.agents.script.story = () => after(gate.promise, json(GOOD_ANSWERS.story));
    const service = await world.spawn();
    const first = await start(() => service.graphqlUrl, 'before');
    await world.agents.waitForCall('story');
    await world.redis.stop();
    const second = await start(() => service.graphqlUrl, 'meanwhile');
    gate.resolve();
    // Its process goes on with the next agents by itself.
    await world.agents.waitForCall('deploy');
    await world.redis.start();
    const finals = await expectSound(world.database, world.agents, [first, second]);
    expect(finals.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });
});

describe('PostgreSQL', () => {
  test('is restarted again and again: starts get an error or one workflow, and what was under way is saved or made again', {
    timeout: 600_000,
  }, async ({ world }) => {
    const folder = await makeTemporaryFolder();
    const launch = () => startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => {} });
    let server = await launch();
    // It has another port after each start; its clients know one.
    const proxy = await startTcpProxy(() => Number(new URL(server.url).port));
    const url = new URL(server.url);
    url.port = String(proxy.port);
    const database = connectDb(url.href);
    try {
      const own: World = { ...world, spawn: (env) => world.spawn({ DATABASE_URL: url.href, ...env }) };
      const workflows = await throughOutages(own, 'postgres', async () => {
        await server.close();
        server = await launch();
      });
      const finals = await expectSound({ ...world.database, ...database }, world.agents, workflows);
      expect(finals.every(({ status }) => status === 'succeeded')).toBe(true);
    } finally {
      for (const process of world.processes) await process.stop('SIGKILL');
      await database.close();
      await proxy.close();
      await server.close();
      await rm(server.location, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    }
  });
});
