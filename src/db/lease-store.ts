import { REDISPATCH_DELAY_MS, WORKER_DEAD_AFTER_MS } from '../orchestrator/domain/liveness.ts';
import type { StepId } from '../orchestrator/ports/dispatch.ts';
import type { LeaseStore } from '../orchestrator/ports/store.ts';
import type { Db, Fragment, Sql } from './client.ts';
import { interval, isLeaseHeld, isWorkerAlive } from './sql/lease.ts';
import { isBelowRunLimit } from './sql/run-limit.ts';
import { retried } from './transaction.ts';

type LeaseRow = { workflow_id: string; agent: StepId['agent']; lease_number: number };

/**
 * @param heartbeats sends what shows that this worker is alive
 * @see {@link LeaseStore}
 */
export function createLeaseStore(db: Db, heartbeats: Sql = db.$client): LeaseStore {
  const client = db.$client;
  return {
    async renew(workerId) {
      const held = await heartbeats<LeaseRow[]>`
        with seen as (
          insert into workers (id) values (${workerId}) on conflict (id) do update set seen_at = clock_timestamp()
        )
        select workflow_id, agent, lease_number from steps where lease_worker_id = ${workerId}`;
      return held.map((row) => ({
        workflowId: row.workflow_id,
        agent: row.agent,
        workerId,
        number: row.lease_number,
      }));
    },

    async release(lease) {
      const released = await client`
        update steps set lease_worker_id = null, available_at = clock_timestamp() where ${isLeaseHeld(client, lease)}
        returning agent`;
      return released.length > 0;
    },

    async retire(workerId) {
      await client`delete from workers where id = ${workerId}`;
    },

    async forgetDead() {
      await client`
        delete from workers where seen_at < clock_timestamp() - interval '1 day'
          and not exists (select from steps where lease_worker_id = workers.id)`;
    },

    async takeAll(workerId) {
      await client`delete from workers where id <> ${workerId}`;
      // It locks many steps, in whatever order they are found: a command at that moment may hold some of them already.
      await retried(
        () => client`
          update steps set available_at = coalesce(next_attempt_at, clock_timestamp()) where available_at is not null`,
      );
    },

    async findOverdue(limit, mayTakeOver) {
      const rows = await client<(LeaseRow & { is_ready: boolean })[]>`${overdueSteps(client, limit, mayTakeOver)}`;
      const ready = rows.filter((row) => row.is_ready);
      return {
        seen: rows.length,
        ready: ready.map((row) => ({
          workflowId: row.workflow_id,
          agent: row.agent,
          leaseNumber: row.lease_number,
        })),
      };
    },

    async viewersToPromote(maxRunning) {
      const rows = await client<{ viewer_id: string }[]>`${promotableViewers(client, maxRunning)}`;
      return rows.map((row) => row.viewer_id);
    },
  };
}

/**
 * Finds the steps whose time has come and sets the next: two processes that look at once find different ones. A step
 * that a live worker holds is not ready; it is checked again when that worker would count as dead.
 */
export function overdueSteps(client: Sql, limit: number, mayTakeOver: boolean): Fragment {
  return client`
    with due as (
      select workflow_id, agent, seen_at,
        (lease_worker_id is not null and ${isWorkerAlive(client)}) as is_held,
        (lease_worker_id is not null and not ${isWorkerAlive(client)}) as is_orphan
      from steps left join workers on workers.id = lease_worker_id
      -- Not clock_timestamp(): PostgreSQL before 18 would scan the whole table for it.
      where available_at <= statement_timestamp()
      order by available_at limit ${limit}
      for no key update of steps skip locked
    )
    update steps set available_at = case when due.is_held
      then due.seen_at + ${interval(client, WORKER_DEAD_AFTER_MS)}
      else clock_timestamp() + ${interval(client, REDISPATCH_DELAY_MS)} end
    from due where steps.workflow_id = due.workflow_id and steps.agent = due.agent
    returning steps.workflow_id, steps.agent, lease_number,
      (not due.is_held and (not due.is_orphan or ${mayTakeOver}::boolean)) as is_ready`;
}

/** Viewers with a queued workflow, each once, who have fewer than `maxRunning` running. */
export function promotableViewers(client: Sql, maxRunning: number): Fragment {
  return client`
    with queued as (select distinct viewer_id from workflows where status = 'queued')
    select viewer_id from queued where ${isBelowRunLimit(client, client`queued.viewer_id`, maxRunning)}`;
}
