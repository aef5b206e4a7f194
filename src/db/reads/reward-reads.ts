import { and, desc, eq, gte, lt, sum } from 'drizzle-orm';
import type { RewardReads } from '../../orchestrator/ports.ts';
import type { Db } from '../client.ts';
import { rewards } from '../tables.ts';
import { anyOf } from './any-of.ts';
import { exists } from './exists.ts';
import { sliceOf } from './slices.ts';

export function createRewardReads(db: Db): RewardReads {
  return {
    byWorkflows(viewerId, workflowIds) {
      return db
        .select()
        .from(rewards)
        .where(and(eq(rewards.viewerId, viewerId), anyOf(rewards.workflowId, workflowIds)));
    },

    async list(viewerId, { first, afterId }) {
      const listed = eq(rewards.viewerId, viewerId);
      const [rows, hasPrevious] = await Promise.all([
        db
          .select()
          .from(rewards)
          .where(and(listed, afterId === undefined ? undefined : lt(rewards.id, afterId)))
          .orderBy(desc(rewards.id))
          .limit(first + 1),
        afterId !== undefined && exists(db, rewards, and(listed, gte(rewards.id, afterId))),
      ]);
      return sliceOf(rows, first, hasPrevious);
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
