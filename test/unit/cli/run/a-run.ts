import { type Progress, startProgress, withLine } from '../../../../src/cli/run/progress.ts';
import type { LogLine, Step, Workflow } from '../../../../src/client/operations.ts';

const START_MS = Date.parse('2026-11-22T14:34:00.000Z');

/** An instant of the run, formatted as the API formats it. */
export const at = (ms: number): string => new Date(START_MS + ms).toISOString();

export function aStep(agent: Step['agent'], changes: Partial<Step> = {}): Step {
  return {
    agent,
    status: 'PENDING',
    error: null,
    nextAttemptAt: null,
    startedAt: null,
    finishedAt: null,
    attempts: [],
    ...changes,
  };
}

export function aWorkflow(changes: Partial<Workflow> = {}): Workflow {
  return {
    id: 'workflow-1',
    status: 'RUNNING',
    version: 1,
    createdAt: at(0),
    updatedAt: at(0),
    finishedAt: null,
    room: { id: 'room-1', status: 'RUNNING', error: null },
    steps: [aStep('STORY'), aStep('ASSET'), aStep('CODE'), aStep('DEPLOY')],
    deployment: null,
    reward: null,
    ...changes,
  };
}

export function aLine(seq: number, changes: Partial<LogLine> = {}): LogLine {
  const line = { timestamp: at(seq * 100), agentType: 'STORY', level: 'INFO', message: `line ${seq}` } as const;
  return { id: `cursor-${seq}`, seq, ...line, ...changes };
}

/** A run whose workflow arrived at 0 ms of the local clock. */
export function aRun(workflow: Partial<Workflow> = {}, lines: readonly LogLine[] = []): Progress {
  return lines.reduce(withLine, startProgress(aWorkflow(workflow), 0));
}
