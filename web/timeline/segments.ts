import type { StepState, WorkflowState } from '../room/operations.ts';
import type { Span } from './time-scale.ts';

/** A part of a lane. `endMs` null: it lasts until now. */
export type Segment =
  | { kind: 'waiting' | 'backoff'; startMs: number; endMs: number | null }
  | {
      kind: 'attempt';
      number: number;
      outcome: 'running' | 'succeeded' | 'failed' | 'cancelled';
      error: string | null;
      startMs: number;
      endMs: number | null;
    };

/** Shorter waits are not drawn. */
const SHORTEST_WAIT_MS = 100;

const at = (iso: string): number => Date.parse(iso);

/** What a step has done and is doing, in order. */
export function segmentsOf(step: StepState, readyMs: number | null): Segment[] {
  const isFinal = step.finishedAt !== null;
  const segments: Segment[] = [];
  const wait = (kind: 'waiting' | 'backoff', startMs: number, endMs: number | null) => {
    if (endMs === null || endMs - startMs >= SHORTEST_WAIT_MS) segments.push({ kind, startMs, endMs });
  };
  let freeMs = readyMs;
  for (const [index, attempt] of step.attempts.entries()) {
    const startMs = at(attempt.startedAt);
    if (freeMs !== null) wait(index === 0 ? 'waiting' : 'backoff', freeMs, startMs);
    const endIso = attempt.finishedAt ?? step.finishedAt;
    const endMs = endIso === null ? null : at(endIso);
    const { number, error } = attempt;
    segments.push({ kind: 'attempt', number, outcome: outcomeOf(step, attempt), error, startMs, endMs });
    freeMs = endMs;
  }
  if (step.status === 'WAITING_TO_RETRY' && freeMs !== null) {
    segments.push({
      kind: 'backoff',
      startMs: freeMs,
      endMs: step.nextAttemptAt === null ? null : at(step.nextAttemptAt),
    });
  } else if (step.status === 'PENDING' && readyMs !== null && step.attempts.length === 0 && !isFinal) {
    segments.push({ kind: 'waiting', startMs: readyMs, endMs: null });
  }
  return segments;
}

function outcomeOf(step: StepState, attempt: StepState['attempts'][number]) {
  if (attempt.error !== null) return 'failed';
  if (attempt.finishedAt !== null) return 'succeeded';
  return step.status === 'CANCELLED' ? 'cancelled' : 'running';
}

/**
 * When a step could have begun: when the last step that ended before it did; null: it cannot begin yet. Steps may run
 * side by side, so the order of the list says nothing.
 */
export function readyTime(step: StepState, { createdAt, steps }: Pick<WorkflowState, 'createdAt' | 'steps'>) {
  const ends = steps.flatMap((other) => (other === step || other.finishedAt === null ? [] : [at(other.finishedAt)]));
  const [first] = step.attempts;
  if (first === undefined && !isNext(step, steps)) return null;
  const before = first === undefined ? ends : ends.filter((ms) => ms <= at(first.startedAt));
  return Math.max(at(createdAt), ...before);
}

/** Whether a step without an attempt waits only for a worker: nothing else runs, and no earlier step waits. */
function isNext(step: StepState, steps: readonly StepState[]): boolean {
  const isActive = ({ status }: StepState) => status === 'RUNNING' || status === 'WAITING_TO_RETRY';
  return !steps.some(isActive) && steps.find(({ status }) => status === 'PENDING') === step;
}

/** The part of time that the timeline shows. */
export function spanOf({ createdAt, finishedAt, steps }: WorkflowState, nowMs: number): Span {
  const startMs = at(createdAt);
  const due = steps.flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [at(nextAttemptAt)]));
  const endMs = finishedAt === null ? Math.max(nowMs, ...due) : at(finishedAt);
  return { startMs, endMs: Math.max(endMs, startMs + 1_000) };
}

/** When an agent was called. */
export function busyTimes({ steps, finishedAt }: WorkflowState, nowMs: number): Span[] {
  return steps.flatMap((step) =>
    step.attempts.map((attempt) => {
      const end = attempt.finishedAt ?? step.finishedAt ?? finishedAt;
      return { startMs: at(attempt.startedAt), endMs: end === null ? nowMs : at(end) };
    }),
  );
}
