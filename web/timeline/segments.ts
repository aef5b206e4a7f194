import type { StepState, WorkflowState } from '../room/operations.ts';

/** A part of a lane. `endMs` null: it lasts until now. */
export type Segment =
  | { kind: 'waiting' | 'backoff'; startMs: number; endMs: number | null }
  | {
      kind: 'attempt';
      number: number;
      outcome: 'running' | 'succeeded' | 'failed' | 'cancelled';
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
    segments.push({ kind: 'attempt', number: attempt.number, outcome: outcomeOf(step, attempt), startMs, endMs });
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

/** When each step could have begun: as soon as all steps before it had ended. Null: not yet. */
export function readyTimes({ createdAt, steps }: Pick<WorkflowState, 'createdAt' | 'steps'>): (number | null)[] {
  let readyMs: number | null = at(createdAt);
  return steps.map(({ finishedAt }) => {
    const mine = readyMs;
    if (readyMs !== null) readyMs = finishedAt === null ? null : Math.max(readyMs, at(finishedAt));
    return mine;
  });
}

export type Span = { startMs: number; endMs: number };

/** The part of time that the timeline shows. */
export function spanOf({ createdAt, finishedAt, steps }: WorkflowState, nowMs: number): Span {
  const startMs = at(createdAt);
  const due = steps.flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [at(nextAttemptAt)]));
  const endMs = finishedAt === null ? Math.max(nowMs, ...due) : at(finishedAt);
  return { startMs, endMs: Math.max(endMs, startMs + 1_000) };
}

const STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000,
];

/** Distances from the start at which to draw a tick: round numbers, at most `most` of them. */
export function ticksOf({ startMs, endMs }: Span, most: number): number[] {
  const length = endMs - startMs;
  const step = STEPS_MS.find((candidate) => length / candidate <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
