import { v7 as uuidv7 } from 'uuid';
import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import { failureSummary } from '../orchestrator/domain/log-messages.ts';
import { type FinalStatus, isStepFinished, REWARD_AMOUNT, roomStatusAfter } from '../orchestrator/domain/workflow.ts';
import type { Change, Lease, StepLease, WorkflowSnapshot } from '../orchestrator/ports/store.ts';
import type { Fragment, Sql } from './client.ts';

/* The parts of the statement in workflow-change.ts, which says how they hang together. */

/** How long a dispatch or a taking keeps the reconciler away from a step. */
export const CHECK_AFTER_MS = 5_000;
const CHECK_WAIT_AFTER_MS = 500;

export function lockedRoom(client: Sql, { workflow: { viewerId, roomId } }: WorkflowSnapshot): Fragment {
  return client`
    viewer as (select id from viewers where id = ${viewerId} for no key update),
    room as (select id from rooms where id = ${roomId} and exists (select from viewer) for no key update),`;
}

/** Waits for lines that are being appended under the lease, and finds none when the lease is lost. */
export function heldStep(client: Sql, lease: Lease): Fragment {
  return client`
    step as (
      select agent from steps
      where workflow_id = ${lease.workflowId} and agent = ${lease.agent}
        and lease_worker_id = ${lease.workerId} and lease_number = ${lease.number}
        and exists (select from workflow)
      for no key update
    ),`;
}

/** An attempt ends, or all that are open: with a workflow that is cancelled. */
export function endedPart(client: Sql, { workflow }: WorkflowSnapshot, { state, ended }: Change): Fragment {
  if (state.status === 'cancelled') {
    return client`
      ended as (
        update attempts set finished_at = now from moment where workflow_id = ${workflow.id} and finished_at is null
      ),`;
  }
  if (ended === undefined) return client``;
  const { agent, attempt, failure } = ended;
  return client`
    ended as (
      update attempts set finished_at = now, error = ${failure?.message ?? null},
        error_code = ${failure?.code ?? null}, http_status = ${failure?.httpStatus ?? null}
      from moment
      where workflow_id = ${workflow.id} and agent = ${agent} and number = ${attempt}
    ),`;
}

/** An attempt begins. One that is made again keeps its row. */
export function begunPart(client: Sql, { workflow }: WorkflowSnapshot, { state, taken }: Change): Fragment {
  if (taken === undefined) return client``;
  return client`
    begun as (
      insert into attempts (workflow_id, agent, number, started_at)
      select ${workflow.id}, ${taken.agent}, ${state.steps[taken.agent].attempt}, now from moment
      on conflict do nothing
    ),`;
}

/** Every step that the change touches. */
export function stepPart(client: Sql, snapshot: WorkflowSnapshot, change: Change): Fragment {
  const { result } = change;
  const moved = AGENT_NAMES.flatMap((agent) => movedStep(snapshot, change, agent) ?? []);
  return client`
    moved as (
      update steps set
        status = step.status,
        attempt = step.attempt,
        interruptions = step.interruptions,
        error = step.error,
        error_code = step.error_code,
        ${result === undefined ? client`` : client`result = case step.agent when ${result.agent} then ${JSON.stringify(result.result)}::json else result end,`}
        next_attempt_at = now + step.wait_ms * interval '1 millisecond',
        check_at = now + step.check_ms * interval '1 millisecond',
        lease_worker_id = step.lease_worker_id,
        lease_number = step.lease_number,
        started_at = case when step.lease_worker_id is null then started_at else coalesce(started_at, now) end,
        finished_at = case when step.is_finished then now end
      from moment, json_to_recordset(${JSON.stringify(moved)}::json) as step (
        agent agent_name, status step_status, attempt int, interruptions int, error text, error_code agent_error_code,
        wait_ms float, check_ms float, lease_worker_id uuid, lease_number int, is_finished boolean
      )
      where steps.workflow_id = ${snapshot.workflow.id} and steps.agent = step.agent
      returning steps.agent
    ),`;
}

function movedStep(snapshot: WorkflowSnapshot, change: Change, agent: AgentName) {
  const hold = holdAfter(snapshot, change, agent);
  if (hold === null) return null;
  const after = change.state.steps[agent];
  const { delayMs } = hold;
  // A wait that nobody here ends (we were stopped meanwhile) is ended by another process, a moment after it is due.
  const checkMs = delayMs > 0 ? delayMs + CHECK_WAIT_AFTER_MS : CHECK_AFTER_MS;
  return {
    agent,
    status: after.status,
    attempt: after.attempt,
    interruptions: after.interruptions,
    error: after.failure?.message ?? null,
    error_code: after.failure?.code ?? null,
    wait_ms: after.status === 'waiting_to_retry' ? delayMs : null,
    check_ms: hold.isReady ? checkMs : null,
    lease_worker_id: hold.leaseWorkerId,
    lease_number: hold.leaseNumber,
    is_finished: !hold.isReady,
  };
}

/** How a step stands once the change is written; null when it is not touched. */
export function holdAfter(snapshot: WorkflowSnapshot, change: Change, agent: AgentName): StepLease | null {
  const { state, decisions, taken } = change;
  const after = state.steps[agent];
  const called = decisions.find((decision) => decision.type === 'call' && decision.agent === agent);
  const isTaken = taken?.agent === agent;
  if (snapshot.chain.steps[agent] === after && called === undefined && !isTaken) return null;
  return {
    isReady: !isStepFinished(after.status),
    delayMs: called?.type === 'call' ? called.delayMs : 0,
    leaseWorkerId: isTaken ? taken.workerId : null,
    leaseNumber: snapshot.leases[agent].leaseNumber + (isTaken ? 1 : 0),
    isWorkerAlive: isTaken,
  };
}

export function deploymentPart(client: Sql, { workflow }: WorkflowSnapshot, { deployment }: Change): Fragment {
  if (deployment === undefined) return client``;
  return client`
    deployed as (
      insert into deployments (workflow_id, room_id, deployment_url, code_cid, completed_at)
      select ${workflow.id}, ${workflow.roomId}, ${deployment.deploymentUrl}, ${deployment.codeCid}, now from moment
    ),`;
}

/** What a workflow's end makes of its room; and the reward, which the unique key on its workflow makes once. */
export function finishParts(
  client: Sql,
  { workflow }: WorkflowSnapshot,
  { state }: Change,
  status: FinalStatus,
): Fragment {
  const error = status === 'failed' ? failureSummary(state) : null;
  const freed = client`
    freed as (
      update rooms set status = ${roomStatusAfter(status)}, error = ${error}, updated_at = now
      from moment where id = ${workflow.roomId}
    ),`;
  if (status !== 'succeeded') return freed;
  return client`${freed}
    paid as (
      insert into rewards (id, viewer_id, workflow_id, amount, created_at)
      select ${uuidv7()}, ${workflow.viewerId}, ${workflow.id}, ${REWARD_AMOUNT}, now from moment
      on conflict do nothing
    ),`;
}
