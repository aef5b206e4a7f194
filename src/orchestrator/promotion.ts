import { dispatchCalls } from './dispatch-calls.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { EngineObserver } from './ports/observer.ts';
import type { WorkflowStore } from './ports/store.ts';
import * as transitions from './transitions.ts';

/**
 * Starts a viewer's queued workflows, oldest first, up to the limit: after one of the viewer's workflows has ended, and
 * from the reconciler if that failed or the process died in between. Never rejects.
 */
export function createPromotion(deps: {
  store: WorkflowStore;
  dispatcher: Dispatcher;
  publish: PublishLines;
  observer: EngineObserver;
  policy: RetryPolicy;
  maxRunningPerViewer: number;
  onError: (error: unknown) => void;
}): (viewerId: string) => Promise<void> {
  const promote = async (viewerId: string) => {
    for (;;) {
      const promoted = await deps.store.promote(viewerId, deps.maxRunningPerViewer, (snapshot) =>
        transitions.startQueued(snapshot, deps.policy),
      );
      if (promoted === null) return;
      const { workflow, decisions } = promoted;
      deps.publish(promoted.lines);
      const first = decisions.find((decision) => decision.type === 'call')?.agent;
      const waitedMs = (workflow.startedAt?.getTime() ?? 0) - workflow.createdAt.getTime();
      if (first !== undefined) deps.observer.waited(first, 'limit', waitedMs);
      dispatchCalls(deps.dispatcher, workflow.id, decisions, promoted.leaseNumbers);
    }
  };
  // The change before it is committed, and must not seem to have failed. The reconciler promotes later.
  return (viewerId) => promote(viewerId).catch(deps.onError);
}
