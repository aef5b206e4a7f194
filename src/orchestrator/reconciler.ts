import type { Dispatcher } from './ports/dispatch.ts';
import type { EngineObserver } from './ports/observer.ts';
import type { LeaseStore } from './ports/store.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { Worker } from './transitions.ts';

/** Maximum number of steps that one statement checks. */
const BATCH_SIZE = 500;

/**
 * Runs in every worker process and finds what should be moving and is not: steps whose dispatch was lost, whose worker
 * died, or whose wait ended while no process ran; and queued workflows that nobody promoted. It reads the index on
 * `available_at`, which only unfinished steps have, so its cost does not grow with history.
 */
export function startReconciler(deps: {
  leases: LeaseStore;
  dispatcher: Dispatcher;
  promote: (viewerId: string) => Promise<void>;
  worker: () => Worker;
  maxRunningPerViewer: number;
  observer: EngineObserver;
  onError: (error: unknown) => void;
  /** @default 2000 */
  intervalMs?: number;
}): Repeating {
  const { leases, dispatcher } = deps;

  async function reconcile(): Promise<void> {
    for (;;) {
      const { ready, seen } = await leases.findOverdue(BATCH_SIZE, deps.worker().mayTakeOver);
      for (const step of ready) dispatcher.dispatch(step, 0);
      if (ready.length > 0) deps.observer.repaired('dispatch', ready.length);
      if (seen < BATCH_SIZE) break;
    }
    const viewerIds = await leases.viewersToPromote(deps.maxRunningPerViewer);
    if (viewerIds.length > 0) deps.observer.repaired('promotion', viewerIds.length);
    for (const viewerId of viewerIds) await deps.promote(viewerId);
  }

  return repeat(reconcile, deps.intervalMs ?? 2_000, deps.onError);
}
