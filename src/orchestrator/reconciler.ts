import type { Dispatcher } from './ports/dispatch.ts';
import type { LeaseStore } from './ports/store.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { Worker } from './transitions.ts';

/** Steps of one statement. */
const BATCH = 500;

/**
 * Finds what should be moving and is not, in every process: a step whose dispatch was lost, whose worker died, or
 * whose wait ended while nobody ran; and queued workflows that nobody promoted. It reads each unfinished step's
 * `check_at`, so its cost does not grow with what is finished.
 */
export function startReconciler(deps: {
  leases: LeaseStore;
  dispatcher: Dispatcher;
  promote: (viewerId: string) => Promise<void>;
  worker: () => Worker;
  maxRunningPerViewer: number;
  failed: (error: unknown) => void;
  /** @default 2000 */
  intervalMs?: number;
}): Repeating {
  const { leases, dispatcher } = deps;

  async function reconcile(): Promise<void> {
    for (;;) {
      const { turns, seen } = await leases.due(BATCH, deps.worker().mayTakeOver);
      for (const turn of turns) dispatcher.dispatch(turn, 0);
      if (seen < BATCH) break;
    }
    for (const viewerId of await leases.viewersToPromote(deps.maxRunningPerViewer)) await deps.promote(viewerId);
  }

  return repeat(reconcile, deps.intervalMs ?? 2_000, deps.failed);
}
