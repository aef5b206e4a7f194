import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { RoomReads } from '../../orchestrator/ports.ts';
import type { Db } from '../client.ts';
import { rooms } from '../tables.ts';
import { anyOf } from './any-of.ts';
import { exists } from './exists.ts';
import { sliceOf } from './slices.ts';

export function createRoomReads(db: Db): RoomReads {
  return {
    byIds(viewerId, ids) {
      return db
        .select()
        .from(rooms)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, ids)));
    },

    async list(viewerId, { first, afterId, status }) {
      const listed = and(eq(rooms.viewerId, viewerId), status && eq(rooms.status, status));
      const [rows, hasPrevious] = await Promise.all([
        db
          .select()
          .from(rooms)
          .where(and(listed, afterId === undefined ? undefined : lt(rooms.id, afterId)))
          .orderBy(desc(rooms.id))
          .limit(first + 1),
        afterId !== undefined && exists(db, rooms, and(listed, gte(rooms.id, afterId))),
      ]);
      return sliceOf(rows, first, hasPrevious);
    },
  };
}
