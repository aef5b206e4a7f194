import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports.ts';
import type { AppendAgentLines, Lease } from '../orchestrator/write-ports.ts';
import type { Db, Fragment, Sql } from './client.ts';
import { lineRows, placed } from './log-rows.ts';
import { toLogLine } from './records.ts';
import { logLines, roomLogHeads } from './tables.ts';
import { retried } from './transaction.ts';

type Place = { roomId: string; workflowId: string };

/**
 * Appends lines to a room's log: bumps its head under the head's row lock and inserts the batch, in one statement.
 * Commit order is `seq` order, without gaps. The head is always a transaction's last lock.
 */
export async function appendLines(client: Sql, place: Place, lines: readonly NewLogLine[]): Promise<LogLine[]> {
  return lines.length === 0 ? [] : await append(client, place, lines, client`select`);
}

/** @see {@link AppendAgentLines} */
export function createAgentLog(db: Db): AppendAgentLines {
  const client = db.$client;
  return async (lease, roomId, lines, afterSeq) => {
    if (lines.length === 0) return [];
    const place = { roomId, workflowId: lease.workflowId };
    const written = await retried(() => append(client, place, lines, held(client, lease), afterSeq));
    if (written.length > 0) return written;
    if (afterSeq === undefined || !(await isHeld(client, lease))) return null;
    // The log has grown though nobody else may write to it: by this batch, whose answer was lost.
    const found = await readAfter(db, roomId, afterSeq, lines.length);
    const isThisBatch = lines.every(({ message }, index) => found[index]?.message === message);
    if (isThisBatch) return found;
    const again = await retried(() => append(client, place, lines, held(client, lease)));
    return again.length === 0 ? null : again;
  };
}

/** A row while the lease is held; whoever would take the step over waits until the lines are committed. */
const held = (client: Sql, lease: Lease): Fragment => client`
  select from steps
  where workflow_id = ${lease.workflowId} and agent = ${lease.agent}
    and lease_worker_id = ${lease.workerId} and lease_number = ${lease.number}
  for share`;

const isHeld = async (client: Sql, lease: Lease) => (await client`${held(client, lease)}`).length === 1;

/** @param afterSeq the head that is expected; nothing is written at another. */
async function append(
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

async function readAfter(db: Db, roomId: string, afterSeq: number, limit: number): Promise<LogLine[]> {
  const rows = await db
    .select()
    .from(logLines)
    .where(and(eq(logLines.roomId, roomId), gt(logLines.seq, afterSeq)))
    .orderBy(asc(logLines.seq))
    .limit(limit);
  return rows.map(toLogLine);
}
