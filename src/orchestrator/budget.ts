import type { LeasedStep } from './attempt.ts';
import type { AttemptFailure } from './domain/failure.ts';
import type { ReadSpentUsd } from './ports/usage.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import type { EndedAttempt } from './transitions.ts';

export type BudgetDeps = {
  readSpentUsd: ReadSpentUsd;
  /** Most that the calls of one workflow may cost, in US dollars; null: no limit. */
  maxCostUsd: number | null;
  retryWhileUnavailable: RetryWhileUnavailable;
};

/**
 * Ends an attempt before its agent is called, when the workflow has cost as much as it may. What an attempt costs is
 * saved before its outcome, so the next one knows of it, whichever process makes it.
 * @returns null when the agent may be called.
 */
export async function refuseOverBudget(
  { lease }: LeasedStep,
  signal: AbortSignal,
  { readSpentUsd, maxCostUsd, retryWhileUnavailable }: BudgetDeps,
): Promise<{ ended: EndedAttempt; writeLines: () => Promise<void> } | null> {
  if (maxCostUsd === null) return null;
  const spentUsd = await retryWhileUnavailable(() => readSpentUsd(lease.workflowId), signal);
  if (spentUsd < maxCostUsd) return null;
  const outcome = { type: 'failed', failure: budgetReached(spentUsd, maxCostUsd) } as const;
  return { ended: { outcome, durationMs: 0, input: {}, lines: [], usage: null }, writeLines: async () => {} };
}

function budgetReached(spentUsd: number, maxCostUsd: number): AttemptFailure {
  const spent = Number(spentUsd.toFixed(6));
  const message =
    `the agent was not called: this workflow has cost $${spent}, ` +
    `and one workflow may cost $${maxCostUsd} (MAX_COST_USD_PER_WORKFLOW)`;
  return { code: 'BUDGET', message, final: true };
}
