import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { Lease } from '../orchestrator/ports/store.ts';
import type { Fragment, Sql } from './client.ts';
import { type AppendedRow, appendParts, storedLines } from './sql/append.ts';
import { isLeaseHeld } from './sql/lease.ts';

/** The log of a room, and the workflow that writes to it. */
export type WorkflowLog = { roomId: string; workflowId: string };

/**
 * Appends lines to a room's log in one statement.
 * @param lease nothing is written unless it is held. Whoever would take the step over waits until the lines are committed.
 * @param afterSeq the head that is expected; nothing is written at another.
 * @returns the lines as they are stored; empty when nothing was written.
 */
export async function appendLines(
  client: Sql,
  log: WorkflowLog,
  lines: readonly NewLogLine[],
  { lease, afterSeq }: { lease?: Lease; afterSeq?: number | undefined } = {},
): Promise<LogLine[]> {
  if (lines.length === 0) return [];
  const [row] = await client<AppendedRow[]>`
    with step as (${lease === undefined ? client`select` : heldStep(client, lease)}),
    target as (
      select 0 as log, ${log.roomId}::uuid as room_id, ${log.workflowId}::uuid as workflow_id,
        0::bigint as lines_before, ${lines.length}::bigint as line_count, clock_timestamp()::timestamptz(3) as now
      from step
    ),
    ${appendParts(client, [lines], afterSeq)}
    select last_seq, now from target, head`;
  return row === undefined ? [] : storedLines(lines, log, row);
}

/** The step while the lease is held, locked so that it stays so until the commit. */
const heldStep = (client: Sql, lease: Lease): Fragment =>
  client`select from steps where ${isLeaseHeld(client, lease)} for share`;

export const holdsLease = async (client: Sql, lease: Lease): Promise<boolean> =>
  (await client`${heldStep(client, lease)}`).length === 1;
