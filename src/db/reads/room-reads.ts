import { and, desc, eq, lt } from 'drizzle-orm';
import type { RoomReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { rooms } from '../tables.ts';
import { anyOf, before, sliceOf } from './pages.ts';

export function createRoomReads(db: Db): RoomReads {
  return {
    byIds(viewerId, ids) {
      return db
        .select()
        .from(rooms)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, ids)));
    },

    async list(viewerId, { first, afterId, status }) {
      const owned = eq(rooms.viewerId, viewerId);
      const listed = status && eq(rooms.status, status);
      const [rows, preceding] = await Promise.all([
        db
          .select()
          .from(rooms)
          .where(and(owned, listed, afterId === undefined ? undefined : lt(rooms.id, afterId)))
          .orderBy(desc(rooms.id))
          .limit(first + 1),
        before(db, { table: rooms, owned, listed }, afterId),
      ]);
      return sliceOf(rows, first, preceding);
    },
  };
}
