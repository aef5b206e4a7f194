import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { Lease } from '../orchestrator/ports/store.ts';
import type { Sql } from './client.ts';
import { lineRows, placed } from './log-rows.ts';

/** Lines of an agent, for the end of a room's log that is expected to stand at `afterSeq`. */
export type Append = { lease: Lease; roomId: string; lines: readonly NewLogLine[]; afterSeq: number };

/**
 * Appends to several rooms' logs in one statement, with one commit for all. It waits for nobody's lock: what is locked,
 * and what does not stand where it should, is left out.
 * @param appends no two of one room.
 * @returns the lines of each as they are kept, or null for one that was left out.
 */
export async function appendTogether(client: Sql, appends: readonly Append[]): Promise<(LogLine[] | null)[]> {
  let count = 0;
  const asked = appends.map(({ lease, roomId, lines, afterSeq }, index) => {
    const before = count;
    count += lines.length;
    return {
      ...{ index, before, room_id: roomId, after_seq: afterSeq, length: lines.length },
      ...{ workflow_id: lease.workflowId, agent: lease.agent, worker_id: lease.workerId, number: lease.number },
    };
  });
  const rows = await client<{ index: number; last_seq: string; now: string }[]>`
    with asked as (
      select * from json_to_recordset(${JSON.stringify(asked)}::json) as asked (
        index int, before bigint, room_id uuid, after_seq bigint, length bigint,
        workflow_id uuid, agent agent_name, worker_id uuid, number int)
    ),
    allowed as (
      select asked.* from asked join steps on steps.workflow_id = asked.workflow_id and steps.agent = asked.agent
        and lease_worker_id = worker_id and lease_number = number
      for share of steps skip locked
    ),
    heads as (
      select allowed.* from allowed join room_log_heads on room_log_heads.room_id = allowed.room_id
        and last_seq = after_seq
      for update of room_log_heads skip locked
    ),
    moved as (
      update room_log_heads set last_seq = after_seq + length from heads where room_log_heads.room_id = heads.room_id
      returning heads.*, last_seq, clock_timestamp()::timestamptz(3) as now
    ),
    written as (
      insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select room_id, after_seq + place - before, workflow_id, now, agent_type, level, message, metadata::json
      from moved cross join generate_series(before + 1, before + length) as its (place)
        join ${lineRows(
          client,
          appends.flatMap(({ lines }) => lines),
        )} using (place)
    )
    select index, last_seq, now from moved`;
  const done = new Map(rows.map((row) => [row.index, row]));
  return appends.map(({ lease, roomId, lines }, index) => {
    const row = done.get(index);
    if (row === undefined) return null;
    const { workflowId } = lease;
    return placed(lines, { roomId, workflowId, lastSeq: Number(row.last_seq), timestamp: new Date(row.now) });
  });
}
