import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { WorkflowReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { workflowColumns } from '../records.ts';
import { rooms, workflows } from '../tables.ts';
import { anyOf } from './any-of.ts';
import { beforeIn } from './exists.ts';
import { byParent, itemsOf, sliceOf } from './slices.ts';

type WorkflowRowReads = Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'listByRooms'>;

export function createWorkflowRowReads(db: Db): WorkflowRowReads {
  /** The newest workflows of whichever room the statement around it is at; the index reads no more than `limit`. */
  const newestOfRoom = (limit: number, where?: SQL) =>
    db
      .select(workflowColumns)
      .from(workflows)
      .where(and(eq(workflows.roomId, rooms.id), where))
      .orderBy(desc(workflows.id))
      .limit(limit)
      .as('newest');

  return {
    byIds(viewerId, ids) {
      return db
        .select(workflowColumns)
        .from(workflows)
        .where(and(eq(workflows.viewerId, viewerId), anyOf(workflows.id, ids)));
    },

    async latestByRooms(viewerId, roomIds) {
      const latest = newestOfRoom(1);
      const rows = await db
        .select({ item: latest._.selectedFields })
        .from(rooms)
        .innerJoinLateral(latest, sql`true`)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, roomIds)));
      return itemsOf(rows);
    },

    async listByRooms(viewerId, roomIds, { first, afterId }) {
      const page = newestOfRoom(first + 1, afterId === undefined ? undefined : lt(workflows.id, afterId));
      const lyingBefore = beforeIn({ table: workflows, owned: eq(workflows.roomId, rooms.id) }, afterId);
      const rows = await db
        .select({ parentId: rooms.id, ...lyingBefore, item: page._.selectedFields })
        .from(rooms)
        .leftJoinLateral(page, sql`true`)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, roomIds)))
        .orderBy(rooms.id, desc(page.id));
      return new Map([...byParent(rows)].map(([roomId, group]) => [roomId, sliceOf(itemsOf(group), first, group[0])]));
    },
  };
}
