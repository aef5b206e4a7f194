import { and, eq, type SQL } from 'drizzle-orm';
import type { Lease } from '../orchestrator/write-ports.ts';
import { steps } from './tables.ts';

/** The step is still the lease's: nobody took it over, cancelled or finished it. */
export function isHeld(lease: Lease): SQL | undefined {
  return and(
    eq(steps.workflowId, lease.workflowId),
    eq(steps.agent, lease.agent),
    eq(steps.leaseWorkerId, lease.workerId),
    eq(steps.leaseNumber, lease.number),
  );
}
