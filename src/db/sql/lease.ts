import { WORKER_DEAD_AFTER_MS } from '../../orchestrator/domain/liveness.ts';
import type { Fragment, Sql } from '../client.ts';

/** A duration in ms, as an interval: a parameter, or an expression. */
export const interval = (client: Sql, ms: number | Fragment): Fragment =>
  client`(${ms}::float * interval '1 millisecond')`;

type LeaseValues = Record<'workflowId' | 'agent' | 'workerId', string | Fragment> & { number: number | Fragment };

/**
 * Whether the step still belongs to the lease: nobody took it over, cancelled or finished it. A condition on `steps`;
 * the row must be locked for what depends on it.
 * @param lease values, or expressions that hold them.
 */
export const isLeaseHeld = (client: Sql, { workflowId, agent, workerId, number }: LeaseValues): Fragment => client`
  steps.workflow_id = ${workflowId} and steps.agent = ${agent}
  and steps.lease_worker_id = ${workerId} and steps.lease_number = ${number}`;

/** Whether the worker was seen recently; false where there is none. A condition on an outer-joined `workers`. */
export const isWorkerAlive = (client: Sql): Fragment =>
  client`coalesce(workers.seen_at > clock_timestamp() - ${interval(client, WORKER_DEAD_AFTER_MS)}, false)`;
