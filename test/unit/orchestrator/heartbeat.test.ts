import { describe, expect, test } from 'vitest';
import { createHeartbeat } from '../../../src/orchestrator/heartbeat.ts';
import type { Lease, LeaseStore } from '../../../src/orchestrator/ports/store.ts';
import { createRunningCalls } from '../../../src/orchestrator/running-calls.ts';
import { fake } from '../../support/fake.ts';

const lease = (workflowId: string): Lease => ({ workflowId, agent: 'story', workerId: 'me', number: 1 });

/** A heartbeat with a clock and a database under the test's control: its first renewal has been answered. */
async function startHeartbeat() {
  const clock = { ms: 0 };
  const released: Lease[] = [];
  const failures: unknown[] = [];
  const calls = createRunningCalls();
  let requested = Promise.withResolvers<void>();
  let answers = Promise.withResolvers<Lease[]>();
  const leases = fake<LeaseStore>('leases', {
    renew: () => {
      requested.resolve();
      return answers.promise;
    },
    release: async (given) => {
      released.push(given);
      return true;
    },
    retire: async () => {},
    forgetDead: async () => {},
  });
  const failed = (error: unknown) => failures.push(error);
  const heartbeat = createHeartbeat({
    workerId: 'me',
    leases,
    calls,
    isSoleProcess: false,
    onError: failed,
    now: () => clock.ms,
    intervalMs: 0,
  });
  /** Answers the renewal in progress; settles when the next one has been requested. */
  const answer = async (held: Lease[] = []) => {
    await requested.promise;
    const { resolve } = answers;
    requested = Promise.withResolvers();
    answers = Promise.withResolvers();
    resolve(held);
    await requested.promise;
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
  const { confirmedAt } = heartbeat;
  return { clock, calls, confirmedAt, released, answer, mayTakeOver, stop };
}

describe('a heartbeat', () => {
  test('a renewal confirms the leases of calls that began before it was sent, and of no others', async () => {
    const { clock, calls, confirmedAt, answer, stop } = await startHeartbeat();
    const early = calls.begin(lease('early'));
    expect(confirmedAt(early.order)).toBe(Number.NEGATIVE_INFINITY);
    // The renewal in progress was sent before; the next one is sent at 1 s.
    clock.ms = 1_000;
    await answer([lease('early')]);
    expect(confirmedAt(early.order)).toBe(Number.NEGATIVE_INFINITY);
    // A lease that was taken before a pause, and whose answer arrives after the pause and after the renewal was sent.
    const late = calls.begin(lease('late'));
    clock.ms = 3_000;
    await answer([lease('early')]);
    expect(confirmedAt(early.order)).toBe(1_000);
    expect(confirmedAt(late.order)).toBe(Number.NEGATIVE_INFINITY);
    await stop();
  });

  test('a worker considers others dead only after six seconds of unbroken service', async () => {
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

  test('a worker considers nobody dead while Postgres does not answer, nor for six seconds after a late answer', async () => {
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

  test('a worker releases leases of workflows that it does not track, and keeps the others', async () => {
    const { calls, released, answer, stop } = await startHeartbeat();
    const untrack = calls.track('tracked');
    await answer([lease('tracked'), lease('orphaned')]);
    expect(released).toEqual([lease('orphaned')]);
    untrack();
    await answer([lease('tracked')]);
    expect(released).toEqual([lease('orphaned'), lease('tracked')]);
    await stop();
  });
});
