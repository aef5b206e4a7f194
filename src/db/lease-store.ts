import { and, eq, isNotNull, lt, ne, notExists, sql } from 'drizzle-orm';
import type { StepRef } from '../orchestrator/ports.ts';
import type { LeaseStore } from '../orchestrator/write-ports.ts';
import { CHECK_AFTER_MS } from './change-parts.ts';
import type { Db } from './client.ts';
import { isHeld } from './lease.ts';
import { steps, workers, workflows } from './tables.ts';
import { ms, WORKER_DEAD_AFTER_MS, workerIsAlive } from './workflow-view.ts';

const now = sql`clock_timestamp()`;
const deadAfter = ms(WORKER_DEAD_AFTER_MS);

/** @see {@link LeaseStore} */
export function createLeaseStore(db: Db): LeaseStore {
  return {
    async renew(workerId) {
      const held = await db.execute<{ workflow_id: string; agent: StepRef['agent']; lease_number: number }>(sql`
        with seen as (
          insert into ${workers} (id) values (${workerId}) on conflict (id) do update set seen_at = ${now}
        )
        select ${steps.workflowId}, ${steps.agent}, ${steps.leaseNumber} from ${steps}
        where ${steps.leaseWorkerId} = ${workerId}`);
      return held.map((row) => ({
        workflowId: row.workflow_id,
        agent: row.agent,
        workerId,
        number: row.lease_number,
      }));
    },

    async release(lease) {
      const released = await db
        .update(steps)
        .set({ leaseWorkerId: null, checkAt: now })
        .where(isHeld(lease))
        .returning({ agent: steps.agent });
      return released.length > 0;
    },

    async retire(workerId) {
      await db.delete(workers).where(eq(workers.id, workerId));
    },

    async forgetDead() {
      const holding = db.select({ id: steps.leaseWorkerId }).from(steps).where(eq(steps.leaseWorkerId, workers.id));
      await db.delete(workers).where(and(lt(workers.seenAt, sql`${now} - interval '1 day'`), notExists(holding)));
    },

    async takeAll(workerId) {
      await db.delete(workers).where(ne(workers.id, workerId));
      await db
        .update(steps)
        .set({ checkAt: sql`coalesce(${steps.nextAttemptAt}, ${now})` })
        .where(isNotNull(steps.checkAt));
    },

    async due(limit, mayTakeOver) {
      const rows = await db.execute<{
        workflow_id: string;
        agent: StepRef['agent'];
        lease_number: number;
        may_move: boolean;
      }>(sql`
        with due as (
          select ${steps.workflowId}, ${steps.agent}, ${workers.seenAt},
            (${steps.leaseWorkerId} is not null and ${workerIsAlive}) as is_held,
            (${steps.leaseWorkerId} is not null and not ${workerIsAlive}) as is_orphan
          from ${steps} left join ${workers} on ${workers.id} = ${steps.leaseWorkerId}
          where ${steps.checkAt} <= ${now}
          order by ${steps.checkAt} limit ${limit}
          for no key update of ${steps} skip locked
        )
        update ${steps} set check_at =
          case when due.is_held then due.seen_at + ${deadAfter} else ${now} + ${ms(CHECK_AFTER_MS)} end
        from due where ${steps.workflowId} = due.workflow_id and ${steps.agent} = due.agent
        returning ${steps.workflowId}, ${steps.agent}, ${steps.leaseNumber},
          (not due.is_held and (not due.is_orphan or ${mayTakeOver}::boolean)) as may_move`);
      const moving = rows.filter((row) => row.may_move);
      return {
        seen: rows.length,
        turns: moving.map((row) => ({
          workflowId: row.workflow_id,
          agent: row.agent,
          leaseNumber: row.lease_number,
        })),
      };
    },

    async viewersToPromote(maxRunning) {
      const running = sql`(select count(*) from ${workflows} as other
        where other.viewer_id = ${workflows.viewerId} and other.status = 'running')`;
      const rows = await db
        .selectDistinct({ viewerId: workflows.viewerId })
        .from(workflows)
        .where(and(eq(workflows.status, 'queued'), maxRunning > 0 ? sql`${running} < ${maxRunning}` : undefined));
      return rows.map((row) => row.viewerId);
    },
  };
}
