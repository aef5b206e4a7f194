import type { LogLine, StepState, WorkflowState } from '../../../../web/room/operations.ts';

/** 12:00 on a day, plus seconds. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1_000).toISOString();
export const msAt = (seconds: number): number => Date.parse(at(seconds));

type Attempt = StepState['attempts'][number];

/** An attempt from one second to another; `end` null: it is in progress. */
export function attempt(number: number, begin: number, end: number | null, error: string | null = null): Attempt {
  return {
    number,
    startedAt: at(begin),
    finishedAt: end === null ? null : at(end),
    durationMs: end === null ? null : (end - begin) * 1_000,
    error,
    errorCode: error === null ? null : 'HTTP_STATUS',
    httpStatus: error === null ? null : 503,
    usage: null,
  };
}

export function step(agent: StepState['agent'], status: StepState['status'], attempts: Attempt[] = []): StepState {
  const isOver = status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED';
  const last = attempts.at(-1);
  return {
    agent,
    status,
    attempts,
    startedAt: attempts[0]?.startedAt ?? null,
    finishedAt: isOver ? (last?.finishedAt ?? at(0)) : null,
    nextAttemptAt: null,
    error: last?.error ?? null,
    errorCode: last?.errorCode ?? null,
    timeoutMs: 60_000,
  };
}

export function workflow(steps: StepState[], more: Partial<WorkflowState> = {}): WorkflowState {
  return {
    id: 'w',
    version: 1,
    status: 'RUNNING',
    userInput: 'a lamp',
    language: null,
    variation: null,
    usage: null,
    createdAt: at(0),
    startedAt: at(0),
    finishedAt: null,
    retryOf: null,
    reward: null,
    deployment: null,
    steps,
    ...more,
  };
}

export function line(seq: number, seconds: number, more: Partial<LogLine> = {}): LogLine {
  return {
    id: `line-${seq}`,
    seq,
    timestamp: at(seconds),
    agentType: 'STORY',
    level: 'INFO',
    message: `line ${seq}`,
    metadata: null,
    workflowId: 'w',
    ...more,
  };
}
