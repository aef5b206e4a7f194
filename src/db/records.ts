import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { type logLines, rooms, steps, workflows } from './tables.ts';

/*
 * Rows as the records of the ports, for reads and writes alike. The column sets are for `select` and `returning`: what
 * comes back is a record as it stands, and what a record does not hold is not read. Rewards, deployments and attempts
 * are records column for column. The functions are for whole rows.
 */

export const roomColumns = {
  id: rooms.id,
  viewerId: rooms.viewerId,
  title: rooms.title,
  status: rooms.status,
  error: rooms.error,
  createdAt: rooms.createdAt,
  updatedAt: rooms.updatedAt,
};

/** Without the idempotency key and what was asked under it: only the command that compares them needs those. */
export const workflowColumns = {
  id: workflows.id,
  roomId: workflows.roomId,
  viewerId: workflows.viewerId,
  status: workflows.status,
  userInput: workflows.userInput,
  retryOfId: workflows.retryOfId,
  version: workflows.version,
  logStartSeq: workflows.logStartSeq,
  logEndSeq: workflows.logEndSeq,
  createdAt: workflows.createdAt,
  updatedAt: workflows.updatedAt,
  startedAt: workflows.startedAt,
  finishedAt: workflows.finishedAt,
};

/** Without the result, which may be 10 MiB. */
export const stepColumns = {
  workflowId: steps.workflowId,
  agent: steps.agent,
  status: steps.status,
  error: steps.error,
  errorCode: steps.errorCode,
  nextAttemptAt: steps.nextAttemptAt,
  startedAt: steps.startedAt,
  finishedAt: steps.finishedAt,
};

/** The id is the line's cursor in its room. */
export function toLogLine(row: (typeof logLines)['$inferSelect']): LogLine {
  return { ...row, id: logCursor(row.roomId, row.seq) };
}
