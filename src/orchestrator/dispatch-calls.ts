import type { Decision } from './domain/chain.ts';
import type { Dispatcher } from './ports.ts';

/** After commit, and never awaited: a dispatch that is lost is made again by the reconciler. */
export function dispatchCalls(dispatcher: Dispatcher, workflowId: string, decisions: readonly Decision[]): void {
  for (const decision of decisions) {
    if (decision.type === 'call') dispatcher.dispatch({ workflowId, agent: decision.agent }, decision.delayMs);
  }
}
