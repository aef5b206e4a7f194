import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Lease } from '../orchestrator/ports/store.ts';
import { steps, workers } from './tables.ts';

/** A worker not seen for so long is dead: its steps may be taken by others. */
export const WORKER_DEAD_AFTER_MS = 6_000;

/** Milliseconds as a Postgres interval. */
export const ms = (milliseconds: number): SQL => sql`(${milliseconds}::double precision * interval '1 millisecond')`;

export const workerIsAlive: SQL<boolean> = sql<boolean>`(${workers.seenAt} is not null and ${workers.seenAt} > clock_timestamp() - ${ms(WORKER_DEAD_AFTER_MS)})`;

/** The step is still the lease's: nobody took it over, cancelled or finished it. */
export function isHeld(lease: Lease): SQL | undefined {
  return and(
    eq(steps.workflowId, lease.workflowId),
    eq(steps.agent, lease.agent),
    eq(steps.leaseWorkerId, lease.workerId),
    eq(steps.leaseNumber, lease.number),
  );
}
