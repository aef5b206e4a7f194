import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { hang, stream } from '../support/agents/scripted-answers.ts';
import { query } from '../support/clients/graphql-clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { FULL, seeded } from './support/seeded.ts';
import { callsFor, expectSound } from './support/soundness.ts';
import { start, test, type Workflow } from './support/world.ts';

const ROUNDS = FULL ? 6 : 1;

describe('SIGTERM', () => {
  test('to each process in turn, with others in their place: no call is made twice that could end, and no death is counted', {
    timeout: 600_000,
  }, async ({ world }) => {
    const { below } = seeded('rolling');
    for (const agent of AGENT_NAMES) {
      world.agents.script[agent] = () =>
        stream([{ log: 'begins' }, sleep(20 + below(150)), { result: GOOD_ANSWERS[agent] }]);
    }
    const processes = [await world.spawn(), await world.spawn(), await world.spawn({ ROLE: 'worker' })];
    const url = () => processes[below(2)]?.graphqlUrl ?? '';
    const started: Promise<Workflow>[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      for (const place of processes.keys()) {
        const enough = world.agents.calls.length + 1 + below(5);
        for (let more = 1; more <= 5; more++) started.push(start(url, `rolling-${started.length}`));
        await waitFor('calls under way', () => world.agents.calls.length >= enough);
        const successor = world.spawn(place === 2 ? { ROLE: 'worker' } : {});
        expect(await processes[place]?.stop('SIGTERM')).toEqual({ code: 0, signal: null });
        processes[place] = await successor;
      }
    }
    const workflows = await Promise.all(started);
    const finals = await expectSound(world.database, world.agents, workflows);
    expect(finals.every(({ status }) => status === 'succeeded')).toBe(true);
    for (const { id } of workflows)
      for (const agent of AGENT_NAMES) expect(callsFor(world.agents, id, agent)).toHaveLength(1);
  });

  test('with a call that does not end: it is handed over, long before the process would be missed', async ({
    world,
  }) => {
    world.agents.script.asset = (_call, nth) => (nth === 1 ? hang() : undefined);
    const first = await world.spawn({ SHUTDOWN_GRACE_MS: '100' });
    const workflow = await start(() => first.graphqlUrl, 'handed-over');
    const call = await world.agents.waitForCall('asset');
    await world.spawn({ ROLE: 'worker' });
    const since = Date.now();
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await call.closed).toBe(true);
    const again = await world.agents.waitForCall('asset', 2);
    console.log(`called again ${again.at - since} ms after SIGTERM, the grace of 100 ms included`);
    const [final] = await expectSound(world.database, world.agents, [workflow]);
    expect(final?.status).toBe('succeeded');
    expect(callsFor(world.agents, workflow.id, 'story')).toHaveLength(1);
  });

  test('twice ends the process at once, and another one goes on', async ({ world }) => {
    world.agents.script.asset = (_call, nth) => (nth === 1 ? hang() : undefined);
    const first = await world.spawn();
    const workflow = await start(() => first.graphqlUrl, 'twice');
    await world.agents.waitForCall('asset');
    await world.spawn({ ROLE: 'worker' });
    const stopped = first.stop('SIGTERM');
    await waitFor('the first signal to be heard', () => first.output().includes('Stopping'));
    process.kill(first.pid, 'SIGTERM');
    expect((await stopped).code).toBe(143);
    const [final] = await expectSound(world.database, world.agents, [workflow]);
    expect(final?.status).toBe('succeeded');
  });
});

describe('a worker that is paused', () => {
  test('and wakes after another took over changes nothing, not even the log', { timeout: 120_000 }, async ({
    world,
  }) => {
    const late = Promise.withResolvers<void>();
    world.agents.script.asset = (_call, nth) =>
      nth === 1
        ? stream([{ log: 'before the pause' }, late.promise, { log: 'too late' }, { result: { imageCid: 'late' } }])
        : undefined;
    const api = await world.spawn({ ROLE: 'api' });
    const worker = await world.spawn({ ROLE: 'worker' });
    const workflow = await start(() => api.graphqlUrl, 'paused');
    await world.agents.waitForCall('asset');
    process.kill(worker.pid, 'SIGSTOP');
    await world.spawn({ ROLE: 'worker' });
    await expectSound(world.database, world.agents, [workflow]);
    late.resolve();
    process.kill(worker.pid, 'SIGCONT');
    // It finds out by its next heartbeat, and serves on: the next workflow may be its own.
    const next = await start(() => api.graphqlUrl, 'after the pause');
    await expectSound(world.database, world.agents, [workflow, next]);
    const log = `query ($id: ID!) { room(id: $id) { logs(first: 100) { edges { node { message } } } } }`;
    const { data } = await query<{ room: { logs: { edges: { node: { message: string } }[] } } }>(api.graphqlUrl, log, {
      id: workflow.roomId,
    });
    expect(data?.room.logs.edges.map(({ node }) => node.message)).not.toContain('too late');
  });
});
