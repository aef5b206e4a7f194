import type { LeaseStore } from './ports/store.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { RunningCalls } from './running-calls.ts';
import type { Worker } from './transitions.ts';

/** After an outage the others could not renew either: nobody is taken for dead before so much unbroken service. */
const TAKE_OVER_AFTER_MS = 6_000;
/** Beats further apart are an outage too: of Postgres, which answered late, or of this process, which was paused. */
const UNBROKEN_MS = 5_000;

/**
 * Shows every 2 s that this worker lives, closes the calls of steps that were cancelled or taken over meanwhile, and
 * gives back the leases that nobody here works under.
 * @param alone the process knows that no other works on this database: whoever else is recorded is dead.
 */
export function createHeartbeat(deps: {
  workerId: string;
  leases: LeaseStore;
  calls: RunningCalls;
  isSoleProcess: boolean;
  failed: (error: unknown) => void;
  /** Milliseconds from a monotonic clock. */
  now?: () => number;
  /** @default 2000 */
  intervalMs?: number;
}): { worker: () => Worker; seenAt: () => number; start(): Promise<void>; stop(): Promise<void> } {
  const { workerId, leases, calls, now = () => performance.now() } = deps;
  let served: { since: number; until: number } | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  let beating: Repeating | null = null;

  async function beat(): Promise<void> {
    const since = calls.begun();
    const askedAt = now();
    const held = await leases.renew(workerId);
    seenAt = askedAt;
    served = { since: unbroken()?.since ?? now(), until: now() };
    calls.keepOnly(held, since);
    for (const lease of calls.orphanedLeases(held)) await leases.release(lease);
  }

  function failed(error: unknown): void {
    served = null;
    deps.failed(error);
  }

  const unbroken = () => (served !== null && now() - served.until <= UNBROKEN_MS ? served : null);

  function mayTakeOver(): boolean {
    const service = unbroken();
    return deps.isSoleProcess || (service !== null && now() - service.since >= TAKE_OVER_AFTER_MS);
  }

  return {
    worker: () => ({ id: workerId, mayTakeOver: mayTakeOver() }),
    seenAt: () => seenAt,
    async start() {
      await beat();
      await leases.forgetDead();
      if (deps.isSoleProcess) await leases.takeAll(workerId);
      beating = repeat(beat, deps.intervalMs ?? 2_000, failed);
    },
    async stop() {
      await beating?.stop();
      await leases.retire(workerId).catch(failed);
    },
  };
}
