import { dispatchCalls } from './dispatch-calls.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { WorkflowStore } from './ports/store.ts';
import * as transitions from './transitions.ts';

/**
 * Starts a viewer's queued workflows, oldest first, as long as there is room for them: after one of theirs ended, and
 * from the reconciler when that failed or the process died in between. Never rejects.
 */
export function createPromotion(deps: {
  store: WorkflowStore;
  dispatcher: Dispatcher;
  publish: PublishLines;
  policy: RetryPolicy;
  maxRunningPerViewer: number;
  failed: (error: unknown) => void;
}): (viewerId: string) => Promise<void> {
  const promote = async (viewerId: string) => {
    for (;;) {
      const promoted = await deps.store.promote(viewerId, deps.maxRunningPerViewer, (snapshot) =>
        transitions.startQueued(snapshot, deps.policy),
      );
      if (promoted === null) return;
      deps.publish(promoted.lines);
      dispatchCalls(deps.dispatcher, promoted.workflow.id, promoted.decisions, promoted.leaseNumbers);
    }
  };
  // What came before is committed and must not be told as failed; the reconciler promotes then.
  return (viewerId) => promote(viewerId).catch(deps.failed);
}
