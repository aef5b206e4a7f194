import { AGENT_NAMES } from './domain/agents.ts';
import type { Decision } from './domain/chain.ts';
import type { Dispatcher, ReadyStep } from './ports/dispatch.ts';
import type { LeaseNumbers } from './ports/store.ts';

/**
 * After commit, and never awaited: a dispatch that is lost is made again by the reconciler.
 * @param leaseNumbers absent: nothing of the workflow was taken yet.
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

/** Of a cancelled workflow nothing is to begin, whichever step it was at. */
export function dispatchCancel(dispatcher: Dispatcher, workflowId: string, leaseNumbers: LeaseNumbers): void {
  const turns = AGENT_NAMES.map((agent): ReadyStep => ({ workflowId, agent, leaseNumber: leaseNumbers[agent] }));
  dispatcher.cancel(workflowId, turns);
}
