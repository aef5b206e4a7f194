import { WORKER_DEAD_AFTER_MS } from './domain/liveness.ts';
import type { LeaseStore } from './ports/store.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { RunningCalls } from './running-calls.ts';
import type { Worker } from './transitions.ts';

/**
 * During an outage of Postgres no worker can renew, so one that was not seen may still be alive. Nobody is taken over
 * before Postgres was available for this long.
 */
const TAKE_OVER_AFTER_MS = WORKER_DEAD_AFTER_MS;
/** A longer time between two beats is an outage too: Postgres answered late, or this process was paused. */
const MAX_BEAT_GAP_MS = 5_000;

/**
 * Records every 2 s that this worker is alive, aborts the calls of steps that were cancelled or taken over, and releases
 * leases that no call in this process uses.
 */
export function createHeartbeat(deps: {
  workerId: string;
  leases: LeaseStore;
  calls: RunningCalls;
  /** No other process uses this database: every other worker that is recorded is dead. */
  isSoleProcess: boolean;
  onError: (error: unknown) => void;
  /** Milliseconds from a monotonic clock. */
  now?: () => number;
  /** @default 2000 */
  intervalMs?: number;
}): {
  worker: () => Worker;
  /** When the last confirmed renewal was sent. */
  seenAt: () => number;
  /**
   * The same, if that renewal confirmed the lease of the call with this order, else -Infinity. It says nothing about a
   * call that began after it was sent: its lease may be an old one, whose answer came late.
   */
  confirmedAt: (order: number) => number;
  start(): Promise<void>;
  stop(): Promise<void>;
} {
  const { workerId, leases, calls, now = () => performance.now() } = deps;
  /** How long Postgres has been available without an outage. */
  let available: { since: number; until: number } | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  let confirmedCalls = 0;
  let beats: Repeating | null = null;

  async function beat(): Promise<void> {
    const since = calls.begun();
    const renewedAt = now();
    const held = await leases.renew(workerId);
    seenAt = renewedAt;
    confirmedCalls = since;
    available = { since: currentService()?.since ?? now(), until: now() };
    calls.keepOnly(held, since);
    for (const lease of calls.orphanedLeases(held)) await leases.release(lease);
  }

  function onBeatFailed(error: unknown): void {
    available = null;
    deps.onError(error);
  }

  const currentService = () => (available !== null && now() - available.until <= MAX_BEAT_GAP_MS ? available : null);

  function mayTakeOver(): boolean {
    const service = currentService();
    return deps.isSoleProcess || (service !== null && now() - service.since >= TAKE_OVER_AFTER_MS);
  }

  return {
    worker: () => ({ id: workerId, mayTakeOver: mayTakeOver() }),
    seenAt: () => seenAt,
    confirmedAt: (order) => (order <= confirmedCalls ? seenAt : Number.NEGATIVE_INFINITY),
    async start() {
      await beat();
      await leases.forgetDead();
      if (deps.isSoleProcess) await leases.takeAll(workerId);
      beats = repeat(beat, deps.intervalMs ?? 2_000, onBeatFailed);
    },
    async stop() {
      await beats?.stop();
      await leases.retire(workerId).catch(onBeatFailed);
    },
  };
}
