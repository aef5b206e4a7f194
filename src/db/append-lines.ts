import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';
import type { Db, Fragment, Sql } from './client.ts';
import { lineRows, placed } from './log-rows.ts';
import { toLogLine } from './records.ts';
import { logLines, roomLogHeads } from './tables.ts';

type Place = { roomId: string; workflowId: string };

/**
 * Appends lines to a room's log: bumps its head under the head's row lock and inserts the batch, in one statement.
 * Commit order is `seq` order, without gaps. The head is always a transaction's last lock.
 */
export async function appendLines(client: Sql, place: Place, lines: readonly NewLogLine[]): Promise<LogLine[]> {
  return lines.length === 0 ? [] : await append(client, place, lines, client`select`);
}

/** @param afterSeq the head that is expected; nothing is written at another. */
export async function append(
  client: Sql,
  { roomId, workflowId }: Place,
  lines: readonly NewLogLine[],
  allowed: Fragment,
  afterSeq?: number,
): Promise<LogLine[]> {
  const [row] = await client<{ last_seq: string; now: string }[]>`
    with allowed as (${allowed}),
    moment as (select clock_timestamp()::timestamptz(3) as now from allowed),
    head as (
      insert into room_log_heads (room_id, last_seq) select ${roomId}, ${lines.length}::bigint from moment
      on conflict (room_id) do update set last_seq = room_log_heads.last_seq + excluded.last_seq
        ${afterSeq === undefined ? client`` : client`where room_log_heads.last_seq = ${afterSeq}`}
      returning last_seq
    ),
    written as (
      insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select ${roomId}, last_seq - ${lines.length} + place, ${workflowId}, now,
        agent_type, level, message, metadata::json
      from moment, head, ${lineRows(client, lines)}
    )
    select last_seq, now from moment, head`;
  if (row === undefined) return [];
  return placed(lines, { roomId, workflowId, lastSeq: Number(row.last_seq), timestamp: new Date(row.now) });
}

export function createLogReader(db: Db): LogReader {
  return {
    async heads(roomIds) {
      if (roomIds.length === 0) return new Map();
      const rows = await db
        .select()
        .from(roomLogHeads)
        .where(inArray(roomLogHeads.roomId, [...roomIds]));
      const heads = new Map(rows.map((row) => [row.roomId, row.lastSeq]));
      return new Map(roomIds.map((roomId) => [roomId, heads.get(roomId) ?? 0]));
    },
    readAfter: (roomId, afterSeq, limit) => readAfter(db, roomId, afterSeq, limit),
  };
}

export async function readAfter(db: Db, roomId: string, afterSeq: number, limit: number): Promise<LogLine[]> {
  const rows = await db
    .select()
    .from(logLines)
    .where(and(eq(logLines.roomId, roomId), gt(logLines.seq, afterSeq)))
    .orderBy(asc(logLines.seq))
    .limit(limit);
  return rows.map(toLogLine);
}
