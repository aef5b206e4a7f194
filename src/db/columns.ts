import type { GetColumnData } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { type logLines, rooms, steps, workflows } from './tables.ts';

/*
 * Rows as the records of the ports, for reads and writes. Selecting one of these column sets yields a record, and reads
 * nothing that the record does not hold. Rewards, deployments and attempts need no set: their rows are their records.
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

/** Without the idempotency key and its request, which only `create` compares. */
export const workflowColumns = {
  id: workflows.id,
  roomId: workflows.roomId,
  viewerId: workflows.viewerId,
  status: workflows.status,
  userInput: workflows.userInput,
  language: workflows.language,
  variation: workflows.variation,
  retryOfId: workflows.retryOfId,
  version: workflows.version,
  logStartSeq: workflows.logStartSeq,
  logEndSeq: workflows.logEndSeq,
  createdAt: workflows.createdAt,
  updatedAt: workflows.updatedAt,
  startedAt: workflows.startedAt,
  finishedAt: workflows.finishedAt,
};

/** Without the result, which can be as large as 10 MiB. */
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

type RecordOf<TColumns extends Record<string, AnyPgColumn>> = {
  [Key in keyof TColumns]: GetColumnData<TColumns[Key]>;
};

/** Turns a row of the driver, with Postgres' column names, into the record that the columns describe. */
export function fromRow<TColumns extends Record<string, AnyPgColumn>>(
  columns: TColumns,
  row: Record<string, unknown>,
): RecordOf<TColumns> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => {
      const value = row[column.name] ?? null;
      return [key, value === null ? null : column.mapFromDriverValue(value)];
    }),
  ) as RecordOf<TColumns>;
}
