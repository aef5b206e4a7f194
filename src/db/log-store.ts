import { and, asc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports.ts';
import type { AppendAgentLines, Lease } from '../orchestrator/write-ports.ts';
import type { Db, Tx } from './client.ts';
import { isHeld } from './lease.ts';
import { toLogLine } from './records.ts';
import { logLines, roomLogHeads, steps } from './tables.ts';

type Place = { roomId: string; workflowId: string };

/**
 * Appends lines to a room's log: bumps its head under the head's row lock and inserts the batch, in one statement.
 * Commit order is `seq` order, without gaps. The head is always a transaction's last lock.
 */
export async function appendLines(tx: Tx | Db, place: Place, lines: readonly NewLogLine[]): Promise<LogLine[]> {
  if (lines.length === 0) return [];
  return append(tx, place, lines, sql`select 1`);
}

/** @see {@link AppendAgentLines} */
export function createAgentLog(db: Db): AppendAgentLines {
  return async (lease, roomId, lines) => {
    if (lines.length === 0) return [];
    const written = await append(db, { roomId, workflowId: lease.workflowId }, lines, held(lease));
    return written.length === 0 ? null : written;
  };
}

/** A row while the lease is held; whoever would take the step over waits until the lines are committed. */
const held = (lease: Lease): SQL => sql`select 1 from ${steps} where ${isHeld(lease)} for share`;

async function append(tx: Tx | Db, place: Place, lines: readonly NewLogLine[], allowed: SQL): Promise<LogLine[]> {
  const { roomId, workflowId } = place;
  const batch = JSON.stringify(
    lines.map(({ agentType, level, message, metadata }) => ({
      agent_type: agentType,
      level,
      message,
      // As text within the text: unpacking it as JSON would refuse \u0000, which an agent may well send.
      metadata: metadata === null ? null : JSON.stringify(metadata),
    })),
  );
  const rows = await tx.execute<{ seq: string; timestamp: string }>(sql`
    with allowed as (${allowed}),
    head as (
      insert into ${roomLogHeads} (room_id, last_seq) select ${roomId}::uuid, ${lines.length}::bigint from allowed
      on conflict (room_id) do update set last_seq = ${roomLogHeads}.last_seq + excluded.last_seq
      returning last_seq
    )
    insert into ${logLines} (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
    select ${roomId}::uuid, head.last_seq - ${lines.length}::bigint + line.place, ${workflowId}::uuid, clock_timestamp(),
      line.agent_type, line.level, line.message, line.metadata::json
    from head, rows from (
      json_to_recordset(${batch}::json) as (agent_type agent_type, level log_level, message text, metadata text)
    ) with ordinality as line (agent_type, level, message, metadata, place)
    returning seq, timestamp`);
  return rows
    .map(({ seq, timestamp }) => ({ seq: Number(seq), timestamp: new Date(timestamp) }))
    .sort((a, b) => a.seq - b.seq)
    .flatMap(({ seq, timestamp }, index) => {
      const line = lines[index];
      return line === undefined ? [] : [{ ...line, ...place, id: logCursor(roomId, seq), seq, timestamp }];
    });
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
    async readAfter(roomId, afterSeq, limit) {
      const rows = await db
        .select()
        .from(logLines)
        .where(and(eq(logLines.roomId, roomId), gt(logLines.seq, afterSeq)))
        .orderBy(asc(logLines.seq))
        .limit(limit);
      return rows.map(toLogLine);
    },
  };
}
