import type { RetryPolicy } from './domain/retry-policy.ts';
import type { Dispatcher, PublishLines } from './ports.ts';
import * as transitions from './transitions.ts';
import { dispatchCalls } from './workflow-service.ts';
import type { WorkflowStore } from './write-ports.ts';

/**
 * Starts a viewer's queued workflows, oldest first, as long as there is room for them: after one of theirs ended, and
 * from the reconciler when the process died in between.
 */
export function createPromotion(deps: {
  store: WorkflowStore;
  dispatcher: Dispatcher;
  publish: PublishLines;
  policy: RetryPolicy;
  maxRunningPerViewer: number;
}): (viewerId: string) => Promise<void> {
  return async (viewerId) => {
    for (;;) {
      const promoted = await deps.store.promote(viewerId, deps.maxRunningPerViewer, (view) =>
        transitions.start(view, deps.policy),
      );
      if (promoted === null) return;
      deps.publish(promoted.lines);
      dispatchCalls(deps.dispatcher, promoted.workflow.id, promoted.decisions);
    }
  };
}
