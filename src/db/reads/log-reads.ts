import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm';
import { isWritten } from '../../orchestrator/domain/cursor.ts';
import type { LogLine } from '../../orchestrator/domain/log-line.ts';
import type { LogPage, LogReads, Slice } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { toLogLine } from '../columns.ts';
import { logLines, roomLogHeads, rooms } from '../tables.ts';
import { anyOf, byParent, existsIn, itemsOf } from './pages.ts';

export function createLogReads(db: Db): LogReads {
  return {
    async page(viewerId, roomIds, page) {
      const { afterSeq, beforeSeq, limit, from } = page;
      const matching = matchingLines(page);
      const lines = db
        .select(getTableColumns(logLines))
        .from(logLines)
        .where(
          and(
            matching,
            afterSeq === undefined ? undefined : gt(logLines.seq, afterSeq),
            beforeSeq === undefined ? undefined : lt(logLines.seq, beforeSeq),
          ),
        )
        .orderBy(from === 'first' ? asc(logLines.seq) : desc(logLines.seq))
        .limit(limit + 1)
        .as('lines');
      const rows = await db
        .select({
          parentId: rooms.id,
          lastSeq: roomLogHeads.lastSeq,
          hasBeforeRange: isAny(matching, afterSeq === undefined ? undefined : lte(logLines.seq, afterSeq)),
          hasAfterRange: isAny(matching, beforeSeq === undefined ? undefined : gte(logLines.seq, beforeSeq)),
          item: lines._.selectedFields,
        })
        .from(rooms)
        .leftJoin(roomLogHeads, eq(roomLogHeads.roomId, rooms.id))
        .leftJoinLateral(lines, sql`true`)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, roomIds)))
        .orderBy(asc(rooms.id), asc(lines.seq));
      return new Map(
        [...byParent(rows)].map(([roomId, group]) => {
          const [{ hasBeforeRange, hasAfterRange, lastSeq }] = group;
          const unknownCursor = cursorBeyond(lastSeq ?? 0, page);
          const found = itemsOf(group).map(toLogLine);
          const isMore = found.length > limit;
          const items = from === 'first' ? found.slice(0, limit) : found.slice(-limit);
          return [
            roomId,
            {
              items,
              hasPrevious: hasBeforeRange || (from === 'last' && isMore),
              hasNext: hasAfterRange || (from === 'first' && isMore),
              ...(unknownCursor !== undefined && { unknownCursor }),
            },
          ];
        }),
      );
    },
  };
}

function cursorBeyond(lastSeq: number, { afterSeq = 0, beforeSeq = 0 }: LogPage): Slice<LogLine>['unknownCursor'] {
  if (!isWritten(afterSeq, lastSeq)) return 'after';
  return isWritten(beforeSeq, lastSeq) ? undefined : 'before';
}

/** Lines of the room that the surrounding statement selects, as far as they match the filter. */
function matchingLines({ agentTypes, levels }: LogPage): SQL | undefined {
  return and(
    eq(logLines.roomId, rooms.id),
    agentTypes && inArray(logLines.agentType, [...agentTypes]),
    levels && inArray(logLines.level, [...levels]),
  );
}

/** Whether there is such a line beyond a bound; false without a bound. */
function isAny(matching: SQL | undefined, beyond: SQL | undefined): SQL<boolean> {
  return beyond === undefined ? sql<boolean>`false` : existsIn(logLines, and(matching, beyond));
}
