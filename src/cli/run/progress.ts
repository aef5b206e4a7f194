import type { LogLine, Workflow } from '../../client/operations.ts';

/** Log lines kept for the screen; an agent may write ten thousand. */
const MAX_LINES = 500;

/** The state of a run. */
export type Progress = {
  workflow: Workflow;
  /** When `workflow` arrived, by this machine's clock. */
  receivedAtMs: number;
  /** The newest lines, oldest first. */
  lines: readonly LogLine[];
  /** Number of older lines that were dropped. */
  droppedLines: number;
};

export function startProgress(workflow: Workflow, nowMs: number): Progress {
  return { workflow, receivedAtMs: nowMs, lines: [], droppedLines: 0 };
}

/** Updates the workflow; a version that is not newer, such as after a reconnect, changes nothing. */
export function withWorkflow(progress: Progress, workflow: Workflow, nowMs: number): Progress {
  if (workflow.version <= progress.workflow.version) return progress;
  return { ...progress, workflow, receivedAtMs: nowMs };
}

/** Adds a log line; a line that is already known changes nothing. */
export function withLine(progress: Progress, line: LogLine): Progress {
  if (line.seq <= (progress.lines.at(-1)?.seq ?? 0)) return progress;
  const lines = [...progress.lines, line].slice(-MAX_LINES);
  return { ...progress, lines, droppedLines: progress.droppedLines + (progress.lines.length + 1 - lines.length) };
}

/**
 * The server's time, in ms since the epoch: the time of its last update plus the time since then. So the clocks of the
 * two machines may differ.
 */
export function serverNowMs(progress: Progress, nowMs: number): number {
  return Date.parse(progress.workflow.updatedAt) + (nowMs - progress.receivedAtMs);
}
