import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { RoomRecord, WorkflowRecord } from '../orchestrator/records.ts';
import { type logLines, type rooms, steps, workflows } from './tables.ts';

/*
 * Rows as the records of the ports, for reads and writes alike. The column sets are for `select` and `returning`: what
 * comes back is a record as it stands, and what a record does not hold is not read. Rewards, deployments and attempts
 * are records column for column. The functions are for whole rows.
 */

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

/** The columns of a row that a record has, so that a function also takes what a column set selected. */
type RowOf<TTable extends { $inferSelect: object }, TRecord> = Pick<
  TTable['$inferSelect'],
  keyof TTable['$inferSelect'] & keyof TRecord
>;

export function toRoomRecord(row: RowOf<typeof rooms, RoomRecord>): RoomRecord {
  const { id, viewerId, title, status, error, createdAt, updatedAt } = row;
  return { id, viewerId, title, status, error, createdAt, updatedAt };
}

export function toWorkflowRecord(row: RowOf<typeof workflows, WorkflowRecord>): WorkflowRecord {
  const { id, roomId, viewerId, status, userInput, retryOfId, version, logStartSeq, logEndSeq } = row;
  const { createdAt, updatedAt, startedAt, finishedAt } = row;
  return {
    ...{ id, roomId, viewerId, status, userInput, retryOfId, version, logStartSeq, logEndSeq },
    ...{ createdAt, updatedAt, startedAt, finishedAt },
  };
}

/** The id is the line's cursor in its room. */
export function toLogLine(row: (typeof logLines)['$inferSelect']): LogLine {
  return { ...row, id: logCursor(row.roomId, row.seq) };
}
