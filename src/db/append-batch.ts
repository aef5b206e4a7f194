import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { Lease } from '../orchestrator/ports/store.ts';
import type { Sql } from './client.ts';
import { type AppendedRow, appendParts, storedLines } from './sql/append.ts';
import { isLeaseHeld } from './sql/lease.ts';

/** An agent's lines, and the `seq` after which they are expected to stand in the room's log. */
export type Append = { lease: Lease; roomId: string; lines: readonly NewLogLine[]; afterSeq: number };

/**
 * Appends to the logs of several rooms in one statement. It waits for no lock: an append is left out if a row that it
 * needs is locked, its lease is lost, or the log's head is not at `afterSeq`.
 * @param appends at most one per room.
 * @returns each one's lines as they are stored, or null for an append that was left out.
 */
export async function appendBatch(client: Sql, appends: readonly Append[]): Promise<(LogLine[] | null)[]> {
  let linesBefore = 0;
  const requests = appends.map(({ lease, roomId, lines, afterSeq }, log) => {
    const request = {
      log,
      room_id: roomId,
      after_seq: afterSeq,
      lines_before: linesBefore,
      line_count: lines.length,
      workflow_id: lease.workflowId,
      agent: lease.agent,
      worker_id: lease.workerId,
      lease_number: lease.number,
    };
    linesBefore += lines.length;
    return request;
  });
  const lease = {
    workflowId: client`request.workflow_id`,
    agent: client`request.agent`,
    workerId: client`request.worker_id`,
    number: client`request.lease_number`,
  };
  const rows = await client<(AppendedRow & { log: number })[]>`
    with request as (
      select * from json_to_recordset(${JSON.stringify(requests)}::json) as request (
        log int, room_id uuid, after_seq bigint, lines_before bigint, line_count bigint,
        workflow_id uuid, agent agent_name, worker_id uuid, lease_number int)
    ),
    allowed as (
      select request.* from request join steps on ${isLeaseHeld(client, lease)}
      for share of steps skip locked
    ),
    target as (
      select allowed.*, clock_timestamp()::timestamptz(3) as now
      from allowed join room_log_heads on room_log_heads.room_id = allowed.room_id and last_seq = after_seq
      for update of room_log_heads skip locked
    ),
    ${appendParts(
      client,
      appends.map(({ lines }) => lines),
    )}
    select log, head.last_seq, now from target join head on head.room_id = target.room_id`;
  const appended = new Map(rows.map((row) => [row.log, row]));
  return appends.map(({ lease: { workflowId }, roomId, lines }, log) => {
    const row = appended.get(log);
    return row === undefined ? null : storedLines(lines, { roomId, workflowId }, row);
  });
}
