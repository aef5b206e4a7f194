import { and, eq, isNotNull, lt, ne, notExists, type SQL, sql } from 'drizzle-orm';
import type { StepRef } from '../orchestrator/ports/dispatch.ts';
import type { LeaseStore } from '../orchestrator/ports/store.ts';
import { CHECK_AFTER_MS } from './change-sql.ts';
import type { Db } from './client.ts';
import { isHeld, ms, WORKER_DEAD_AFTER_MS, workerIsAlive } from './lease.ts';
import { steps, workers } from './tables.ts';
import { retried } from './transaction.ts';

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
      // Many steps in no order of ours: a command that comes just then may have locked some the other way round.
      await retried(() =>
        db
          .update(steps)
          .set({ checkAt: sql`coalesce(${steps.nextAttemptAt}, ${now})` })
          .where(isNotNull(steps.checkAt)),
      );
    },

    async due(limit, mayTakeOver) {
      const rows = await db.execute<{
        workflow_id: string;
        agent: StepRef['agent'];
        lease_number: number;
        may_move: boolean;
      }>(dueSteps(limit, mayTakeOver));
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
      const rows = await db.execute<{ viewer_id: string }>(viewersWithPlace(maxRunning));
      return rows.map((row) => row.viewer_id);
    },
  };
}

/** Takes the steps whose time has come, so that two processes that look at once find different ones. */
export function dueSteps(limit: number, mayTakeOver: boolean): SQL {
  return sql`
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
      (not due.is_held and (not due.is_orphan or ${mayTakeOver}::boolean)) as may_move`;
}

/** Viewers with a queued workflow, each once, who have a place for it. */
export function viewersWithPlace(maxRunning: number): SQL {
  return sql`
    with queued as (select distinct viewer_id from workflows where status = 'queued')
    select viewer_id from queued
    where ${maxRunning}::int = 0 or ${maxRunning} > (
      select count(*) from workflows where workflows.viewer_id = queued.viewer_id and status = 'running'
    )`;
}
