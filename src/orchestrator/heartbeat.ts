import { type Repeating, repeat } from './repeat.ts';
import type { RunningCalls } from './running-calls.ts';
import type { Worker } from './transitions.ts';
import type { LeaseStore } from './write-ports.ts';

/** After an outage the others could not renew either: nobody is taken for dead before so much unbroken service. */
const TAKE_OVER_AFTER_MS = 6_000;

/**
 * Shows every 2 s that this worker lives, and closes the calls of steps that were cancelled or taken over meanwhile.
 * @param alone the process knows that no other works on this database: whoever else is recorded is dead.
 */
export function createHeartbeat(deps: {
  workerId: string;
  leases: LeaseStore;
  calls: RunningCalls;
  alone: boolean;
  failed: (error: unknown) => void;
  /** Milliseconds from a monotonic clock. */
  now?: () => number;
  /** @default 2000 */
  intervalMs?: number;
}): { worker: () => Worker; start(): Promise<void>; stop(): Promise<void> } {
  const { workerId, leases, calls, now = () => performance.now() } = deps;
  let servedSince: number | null = null;
  let beating: Repeating | null = null;

  async function beat(): Promise<void> {
    const since = calls.begun();
    const held = await leases.renew(workerId);
    servedSince ??= now();
    calls.keepOnly(held, since);
  }

  function failed(error: unknown): void {
    servedSince = null;
    deps.failed(error);
  }

  return {
    worker: () => ({
      id: workerId,
      mayTakeOver: deps.alone || (servedSince !== null && now() - servedSince >= TAKE_OVER_AFTER_MS),
    }),
    async start() {
      await beat();
      if (deps.alone) await leases.takeAll(workerId);
      beating = repeat(beat, deps.intervalMs ?? 2_000, failed);
    },
    async stop() {
      await beating?.stop();
      await leases.retire(workerId).catch(failed);
    },
  };
}
