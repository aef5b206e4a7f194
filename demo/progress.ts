import type { LogLine, Workflow } from './operations.ts';

/** Log lines that are kept for the screen; an agent may write ten thousand. */
const MAX_LINES = 500;

/** What is known of the run. */
export type Progress = {
  workflow: Workflow;
  /** When `workflow` arrived, on the clock of the one who looks. */
  receivedAtMs: number;
  /** The newest lines, oldest first. */
  lines: readonly LogLine[];
  /** Lines before those. */
  droppedLines: number;
};

export function startProgress(workflow: Workflow, nowMs: number): Progress {
  return { workflow, receivedAtMs: nowMs, lines: [], droppedLines: 0 };
}

/** A resumed subscription begins with the workflow as it is, which may be known already. */
export function withWorkflow(progress: Progress, workflow: Workflow, nowMs: number): Progress {
  if (workflow.version <= progress.workflow.version) return progress;
  return { ...progress, workflow, receivedAtMs: nowMs };
}

export function withLine(progress: Progress, line: LogLine): Progress {
  if (line.seq <= (progress.lines.at(-1)?.seq ?? 0)) return progress;
  const lines = [...progress.lines, line].slice(-MAX_LINES);
  return { ...progress, lines, droppedLines: progress.droppedLines + (progress.lines.length + 1 - lines.length) };
}

/**
 * The server's clock now, in ms since the epoch: what it said with the last change, and the time since. So the two
 * machines' clocks may differ.
 */
export function serverNowMs(progress: Progress, nowMs: number): number {
  return Date.parse(progress.workflow.updatedAt) + (nowMs - progress.receivedAtMs);
}
