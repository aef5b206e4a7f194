import { and, desc, eq, lt, sum } from 'drizzle-orm';
import type { RewardReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { rewards } from '../tables.ts';
import { anyOf, before, sliceOf } from './pages.ts';

export function createRewardReads(db: Db): RewardReads {
  return {
    byWorkflows(viewerId, workflowIds) {
      return db
        .select()
        .from(rewards)
        .where(and(eq(rewards.viewerId, viewerId), anyOf(rewards.workflowId, workflowIds)));
    },

    async list(viewerId, { first, afterId }) {
      const owned = eq(rewards.viewerId, viewerId);
      const [rows, preceding] = await Promise.all([
        db
          .select()
          .from(rewards)
          .where(and(owned, afterId === undefined ? undefined : lt(rewards.id, afterId)))
          .orderBy(desc(rewards.id))
          .limit(first + 1),
        before(db, { table: rewards, owned }, afterId),
      ]);
      return sliceOf(rows, first, preceding);
    },

    async balance(viewerId) {
      const [row] = await db
        .select({ amount: sum(rewards.amount).mapWith(Number) })
        .from(rewards)
        .where(eq(rewards.viewerId, viewerId));
      return row?.amount ?? 0;
    },
  };
}
