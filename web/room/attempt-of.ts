import { stepOf } from '../log/filter-lines.ts';
import type { LogLine, WorkflowState } from './operations.ts';

/** The number of the attempt that a line belongs to: it says so itself, or was written during it. Null: to none. */
export function attemptOf({ steps }: Pick<WorkflowState, 'steps'>, line: LogLine): number | null {
  const step = steps.find(({ agent }) => agent === stepOf(line));
  if (step === undefined) return null;
  const { agentType, metadata, timestamp } = line;
  if (agentType === 'ORCHESTRATOR') {
    const { attempt } = Object(metadata) as { attempt?: unknown };
    if (typeof attempt === 'number') return attempt;
  }
  const ms = Date.parse(timestamp);
  const attempt = step.attempts.find(({ startedAt, finishedAt }) => {
    const endedAt = finishedAt ?? step.finishedAt;
    return ms >= Date.parse(startedAt) && (endedAt === null || ms <= Date.parse(endedAt));
  });
  return attempt?.number ?? null;
}
