import { type LeasedStep, unsavableResponse } from './attempt.ts';
import type { AgentName } from './domain/agents.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { Changed, WorkflowSnapshot, WorkflowStore } from './ports/store.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import * as transitions from './transitions.ts';

export type SaveOutcomeDeps = {
  store: WorkflowStore;
  retryWhileUnavailable: RetryWhileUnavailable;
  policy: RetryPolicy;
  /** Milliseconds from a monotonic clock. */
  now: () => number;
};

/**
 * Saves what an attempt came to, waiting out an outage of Postgres. Postgres may refuse one of the lines or the result
 * (nested too deeply, say): the lines are then written on their own, and a result that is still refused counts as a failed
 * attempt. Otherwise the call would be repeated without end.
 * @param writeLines writes the attempt's last lines on their own.
 * @param nextAgent the agent whose step is taken in the same change, if it is next.
 * @returns null when the lease is lost: nothing was written.
 */
export async function saveOutcome(
  step: LeasedStep,
  ended: transitions.EndedAttempt,
  writeLines: () => Promise<void>,
  nextAgent: AgentName | null,
  signal: AbortSignal,
  { store, retryWhileUnavailable, policy, now }: SaveOutcomeDeps,
): Promise<Changed | null> {
  const write = (attempt: transitions.EndedAttempt) =>
    retryWhileUnavailable(() => {
      const elapsedMs = step.snapshot.elapsedMs + now() - step.takenAt;
      const decide = (snapshot: WorkflowSnapshot) =>
        transitions.endAttempt(snapshot, step.lease, attempt, policy, nextAgent);
      return store.change({ ...step.lease, withResults: true }, decide, { ...step.snapshot, elapsedMs });
    }, signal);

  async function writeRefused(): ReturnType<typeof write> {
    await writeLines();
    const withoutLines = { ...ended, lines: [] };
    try {
      return await write(withoutLines);
    } catch (error) {
      if (signal.aborted || ended.outcome.type === 'failed') throw error;
      return await write({ ...withoutLines, outcome: unsavableResponse(error) });
    }
  }

  const saved = await write(ended).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return writeRefused();
  });
  return saved?.type === 'changed' ? saved : null;
}
