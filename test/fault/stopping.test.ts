import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { hang, stream } from '../support/agents/scripted-answers.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWorkflow, test, type WorkflowRef } from './support/cluster.ts';
import { callsFor, expectInvariants } from './support/invariants.ts';
import { FULL, seededRandom } from './support/seeded-random.ts';

const ROUNDS = FULL ? 6 : 1;

describe('SIGTERM to a process', () => {
  test('a rolling restart repeats no call that can end within the grace period', {
    timeout: 600_000,
  }, async ({ cluster }) => {
    const { below } = seededRandom('rolling');
    for (const agent of AGENT_NAMES) {
      cluster.agents.script[agent] = () =>
        stream([{ log: 'begins' }, sleep(20 + below(150)), { result: GOOD_ANSWERS[agent] }]);
    }
    const processes = [await cluster.spawn(), await cluster.spawn(), await cluster.spawn({ ROLE: 'worker' })];
    const url = () => processes[below(2)]?.graphqlUrl ?? '';
    const started: Promise<WorkflowRef>[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      for (const index of processes.keys()) {
        const enough = cluster.agents.calls.length + 1 + below(5);
        for (let more = 1; more <= 5; more++) started.push(startWorkflow(url, `rolling-${started.length}`));
        await waitFor('calls in flight', () => cluster.agents.calls.length >= enough);
        const successor = cluster.spawn(index === 2 ? { ROLE: 'worker' } : {});
        expect(await processes[index]?.stop('SIGTERM')).toEqual({ code: 0, signal: null });
        processes[index] = await successor;
      }
    }
    const workflows = await Promise.all(started);
    const finished = await expectInvariants(cluster.database, cluster.agents, workflows);
    expect(finished.every(({ status }) => status === 'succeeded')).toBe(true);
    for (const { id } of workflows)
      for (const agent of AGENT_NAMES) expect(callsFor(cluster.agents, id, agent)).toHaveLength(1);
  });

  test('a call that does not end within the grace period is handed over to another process at once', async ({
    cluster,
  }) => {
    cluster.agents.script.asset = (_call, nth) => (nth === 1 ? hang() : undefined);
    const first = await cluster.spawn({ SHUTDOWN_GRACE_MS: '100' });
    const workflow = await startWorkflow(() => first.graphqlUrl, 'handed-over');
    const call = await cluster.agents.waitForCall('asset');
    await cluster.spawn({ ROLE: 'worker' });
    const signalledAt = Date.now();
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await call.closed).toBe(true);
    const repeated = await cluster.agents.waitForCall('asset', 2);
    console.log(`called again ${repeated.at - signalledAt} ms after SIGTERM, the grace of 100 ms included`);
    const [finished] = await expectInvariants(cluster.database, cluster.agents, [workflow]);
    expect(finished?.status).toBe('succeeded');
    expect(callsFor(cluster.agents, workflow.id, 'story')).toHaveLength(1);
  });

  test('a second SIGTERM ends the process at once, and another process continues its workflow', async ({ cluster }) => {
    cluster.agents.script.asset = (_call, nth) => (nth === 1 ? hang() : undefined);
    const first = await cluster.spawn();
    const workflow = await startWorkflow(() => first.graphqlUrl, 'twice');
    await cluster.agents.waitForCall('asset');
    await cluster.spawn({ ROLE: 'worker' });
    const stopped = first.stop('SIGTERM');
    await waitFor('the first signal to be handled', () => first.output().includes('Shutting down'));
    process.kill(first.pid, 'SIGTERM');
    expect((await stopped).code).toBe(143);
    const [finished] = await expectInvariants(cluster.database, cluster.agents, [workflow]);
    expect(finished?.status).toBe('succeeded');
  });
});
