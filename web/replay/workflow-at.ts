import type { LogLine, StepState, WorkflowState } from '../room/operations.ts';

const at = (iso: string): number => Date.parse(iso);
const isPast = (iso: string | null, ms: number): boolean => iso !== null && at(iso) <= ms;

/** A finished workflow as it was at an earlier moment. */
export function workflowAt(workflow: WorkflowState, ms: number): WorkflowState {
  const steps = workflow.steps.map((step) => stepAt(step, ms));
  if (isPast(workflow.finishedAt, ms)) return { ...workflow, steps };
  return {
    ...workflow,
    steps,
    status: isPast(workflow.startedAt, ms) ? 'RUNNING' : 'QUEUED',
    finishedAt: null,
    reward: null,
    usage: null,
    deployment:
      workflow.deployment !== null && isPast(workflow.deployment.completedAt, ms) ? workflow.deployment : null,
  };
}

function stepAt(step: StepState, ms: number): StepState {
  const isKept = step.status === 'SUCCEEDED' && step.attempts.length === 0;
  if (isKept || isPast(step.finishedAt, ms)) return step;
  const attempts = step.attempts
    .filter(({ startedAt }) => isPast(startedAt, ms))
    .map((attempt) => (isPast(attempt.finishedAt, ms) ? attempt : { ...attempt, ...UNFINISHED_ATTEMPT }));
  const last = attempts.at(-1);
  const isWaiting = last !== undefined && last.finishedAt !== null;
  return {
    ...step,
    attempts,
    status: last === undefined ? 'PENDING' : isWaiting ? 'WAITING_TO_RETRY' : 'RUNNING',
    nextAttemptAt: isWaiting ? (step.attempts[attempts.length]?.startedAt ?? null) : null,
    error: isWaiting ? last.error : null,
    errorCode: isWaiting ? last.errorCode : null,
    startedAt: attempts[0]?.startedAt ?? null,
    finishedAt: null,
  };
}

const UNFINISHED_ATTEMPT = {
  finishedAt: null,
  durationMs: null,
  error: null,
  errorCode: null,
  httpStatus: null,
  usage: null,
};

/** The lines written until a moment. They are in the order in which they were written. */
export function linesUntil(lines: readonly LogLine[], ms: number): readonly LogLine[] {
  let from = 0;
  let to = lines.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isPast(lines[middle]?.timestamp ?? null, ms)) from = middle + 1;
    else to = middle;
  }
  return from === lines.length ? lines : lines.slice(0, from);
}
