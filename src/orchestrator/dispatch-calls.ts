import { AGENT_NAMES } from './domain/agents.ts';
import type { Decision } from './domain/chain.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { LeaseNumbers } from './ports/store.ts';

/**
 * Dispatches the calls that were decided. Used after the commit and not awaited: the reconciler repeats a dispatch that
 * is lost.
 * @param leaseNumbers omitted when no step of the workflow was taken yet.
 */
export function dispatchCalls(
  dispatcher: Dispatcher,
  workflowId: string,
  decisions: readonly Decision[],
  leaseNumbers?: LeaseNumbers,
): void {
  for (const decision of decisions) {
    if (decision.type !== 'call') continue;
    const { agent, delayMs } = decision;
    dispatcher.dispatch({ workflowId, agent, leaseNumber: leaseNumbers?.[agent] ?? 0 }, delayMs);
  }
}

/** Drops the dispatches of a cancelled workflow, whichever step it was at. */
export function dispatchCancel(dispatcher: Dispatcher, workflowId: string, leaseNumbers: LeaseNumbers): void {
  const steps = AGENT_NAMES.map((agent) => ({ workflowId, agent, leaseNumber: leaseNumbers[agent] }));
  dispatcher.cancel(workflowId, steps);
}
