import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';
import type { Db } from './client.ts';
import { toLogLine } from './columns.ts';
import { logLines, roomLogHeads } from './tables.ts';

/** @see {@link LogReader} */
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
