import { describe, expect, test } from 'vitest';
import { createHeartbeat } from '../../../src/orchestrator/heartbeat.ts';
import type { Lease, LeaseStore } from '../../../src/orchestrator/ports/store.ts';
import { createRunningCalls } from '../../../src/orchestrator/running-calls.ts';

const lease = (workflowId: string): Lease => ({ workflowId, agent: 'story', workerId: 'me', number: 1 });

/** A heartbeat whose clock and database the test holds: it has asked, and waits for an answer. */
async function startHeartbeat() {
  const clock = { ms: 0 };
  const released: Lease[] = [];
  const failures: unknown[] = [];
  const calls = createRunningCalls();
  let asked = Promise.withResolvers<void>();
  let answers = Promise.withResolvers<Lease[]>();
  const leases = {
    renew: () => {
      asked.resolve();
      return answers.promise;
    },
    release: async (given: Lease) => {
      released.push(given);
    },
    retire: async () => {},
    forgetDead: async () => {},
  } as unknown as LeaseStore;
  const failed = (error: unknown) => failures.push(error);
  const heartbeat = createHeartbeat({
    ...{ workerId: 'me', leases, calls, isSoleProcess: false, failed },
    ...{ now: () => clock.ms, intervalMs: 0 },
  });
  /** Settles when what follows the answer is done and the next beat has asked. */
  const answer = async (held: Lease[] = []) => {
    await asked.promise;
    const { resolve } = answers;
    asked = Promise.withResolvers();
    answers = Promise.withResolvers();
    resolve(held);
    await asked.promise;
  };
  const started = heartbeat.start();
  await answer();
  await started;
  const mayTakeOver = () => heartbeat.worker().mayTakeOver;
  const stop = async () => {
    const stopped = heartbeat.stop();
    answers.resolve([]);
    await stopped;
  };
  return { clock, calls, released, answer, mayTakeOver, stop };
}

describe('a worker', () => {
  test('takes others for dead only after six seconds of unbroken service', async () => {
    const { clock, answer, mayTakeOver, stop } = await startHeartbeat();
    for (const [ms, expected] of [
      [2_000, false],
      [4_000, false],
      [6_000, true],
    ] as const) {
      clock.ms = ms;
      await answer();
      expect(mayTakeOver()).toBe(expected);
    }
    await stop();
  });

  test('takes nobody for dead while Postgres is silent, nor for six seconds after its late answer', async () => {
    const { clock, answer, mayTakeOver, stop } = await startHeartbeat();
    for (clock.ms = 2_000; clock.ms < 10_000; clock.ms += 2_000) await answer();
    expect(mayTakeOver()).toBe(true);
    clock.ms = 30_000;
    expect(mayTakeOver()).toBe(false);
    await answer();
    expect(mayTakeOver()).toBe(false);
    for (clock.ms = 32_000; clock.ms < 36_000; clock.ms += 2_000) await answer();
    await answer();
    expect(mayTakeOver()).toBe(true);
    await stop();
  });

  test('gives back the leases that it does not work under, and keeps those of steps it attends to', async () => {
    const { calls, released, answer, stop } = await startHeartbeat();
    const leave = calls.track('attended');
    await answer([lease('attended'), lease('lost')]);
    expect(released).toEqual([lease('lost')]);
    leave();
    await answer([lease('attended')]);
    expect(released).toEqual([lease('lost'), lease('attended')]);
    await stop();
  });
});
