import { v7 as uuidv7 } from 'uuid';
import { byAgent } from '../orchestrator/domain/agents.ts';
import type { Change, Changed, StepChange, WorkflowSnapshot } from '../orchestrator/ports/store.ts';
import type { Fragment, Sql } from './client.ts';
import { fromRow, workflowColumns } from './columns.ts';
import { type AppendedRow, appendParts, storedLines } from './sql/append.ts';
import { interval, isLeaseHeld } from './sql/lease.ts';

/**
 * Writes a change in one statement, if the workflow still has the version that was read and the change's lease is still
 * held. Otherwise it writes nothing and returns null.
 *
 * Lock order: viewer, room (both only when the workflow ends), workflow, step, log head; the same in every transaction,
 * so that two of them never wait for each other. A part of a `with` runs when another part reads from it. So each lock
 * reads from the one before, `moment` reads from the locks, every write reads from `moment`, and the log's head reads
 * from the steps.
 */
export async function writeChange(
  client: Sql,
  snapshot: WorkflowSnapshot,
  change: Change,
): Promise<Omit<Changed, 'type'> | null> {
  const { id: workflowId, roomId } = snapshot.workflow;
  const { next, end, starts, lines } = change;
  const [row] = await client<(AppendedRow & Record<string, unknown>)[]>`
    with
    ${locks(client, snapshot, change)}
    ${endedAttempts(client, workflowId, change)}
    ${begunAttempt(client, change)}
    ${changedSteps(client, workflowId, change)}
    ${deployment(client, snapshot, change)}
    ${roomAndReward(client, snapshot, change)}
    target as (
      select 0 as log, ${roomId}::uuid as room_id, ${workflowId}::uuid as workflow_id,
        0::bigint as lines_before, ${lines.length}::bigint as line_count, now
      from moment, (select count(*) from changed_steps) as after_the_steps
    ),
    ${appendParts(client, [lines])}
    update workflows set
      status = ${next.chain.status},
      version = version + 1,
      updated_at = now,
      started_at = ${starts ? client`now` : client`started_at`},
      finished_at = ${end === null ? client`null` : client`now`},
      log_end_seq = ${end === null ? client`null` : client`last_seq`}
    from moment, head
    where id = ${workflowId}
    returning workflows.*, last_seq, now`;
  if (row === undefined) return null;

  const workflow = fromRow(workflowColumns, row);
  return {
    workflow,
    lines: storedLines(lines, { roomId, workflowId }, row),
    decisions: change.decisions,
    leaseNumbers: byAgent((agent) => next.leases[agent].leaseNumber),
    lease: change.takenLease,
    snapshot: { ...next, workflow },
  };
}

/** All rows that decide whether the change is written, and `moment`: its one instant, or no row. */
function locks(client: Sql, { workflow }: WorkflowSnapshot, { end, lease }: Change): Fragment {
  const viewerAndRoom = client`
    viewer as (select id from viewers where id = ${workflow.viewerId} for no key update),
    room as (select id from rooms where id = ${workflow.roomId} and exists (select from viewer) for no key update),`;
  const step =
    lease &&
    client`
    step as (
      select agent from steps where ${isLeaseHeld(client, lease)} and exists (select from workflow)
      for no key update
    ),`;
  return client`
    ${end === null ? client`` : viewerAndRoom}
    workflow as (
      select id from workflows
      where id = ${workflow.id} and version = ${workflow.version}
        ${end === null ? client`` : client`and exists (select from room)`}
      for no key update
    ),
    ${step ?? client``}
    moment as (
      select clock_timestamp()::timestamptz(3) as now from workflow${step === null ? client`` : client`, step`}
    ),`;
}

function endedAttempts(client: Sql, workflowId: string, { endedAttempt }: Change): Fragment {
  if (endedAttempt === null) return client``;
  if (endedAttempt === 'all') {
    return client`
    ended_attempts as (
      update attempts set finished_at = now from moment where workflow_id = ${workflowId} and finished_at is null
    ),`;
  }
  const { agent, attempt, failure } = endedAttempt;
  return client`
    ended_attempts as (
      update attempts set finished_at = now, error = ${failure?.message ?? null},
        error_code = ${failure?.code ?? null}, http_status = ${failure?.httpStatus ?? null}
      from moment
      where workflow_id = ${workflowId} and agent = ${agent} and number = ${attempt}
    ),`;
}

/** An attempt that is repeated keeps its row. */
function begunAttempt(client: Sql, { takenLease, next }: Change): Fragment {
  if (takenLease === null) return client``;
  const { workflowId, agent } = takenLease;
  return client`
    begun_attempt as (
      insert into attempts (workflow_id, agent, number, started_at)
      select ${workflowId}, ${agent}, ${next.chain.steps[agent].attempt}, now from moment
      on conflict do nothing
    ),`;
}

function changedSteps(client: Sql, workflowId: string, { steps, result }: Change): Fragment {
  // A parameter of its own: unpacked from the JSON of the rows, Postgres would refuse \u0000, which agents may send.
  const newResult =
    result === null
      ? client``
      : client`result = case step.agent when ${result.agent} then ${JSON.stringify(result.result)}::json else result end,`;
  return client`
    changed_steps as (
      update steps set
        status = step.status,
        attempt = step.attempt,
        interruptions = step.interruptions,
        error = step.error,
        error_code = step.error_code,
        ${newResult}
        next_attempt_at = now + ${interval(client, client`step.retry_delay_ms`)},
        available_at = now + ${interval(client, client`step.redispatch_delay_ms`)},
        lease_worker_id = step.lease_worker_id,
        lease_number = step.lease_number,
        started_at = case when step.lease_worker_id is null then started_at else coalesce(started_at, now) end,
        finished_at = case when step.is_ready then null else now end
      from moment, json_to_recordset(${JSON.stringify(steps.map(stepRow))}::json) as step (
        agent agent_name, status step_status, attempt int, interruptions int, error text, error_code agent_error_code,
        retry_delay_ms float, redispatch_delay_ms float, lease_worker_id uuid, lease_number int, is_ready boolean
      )
      where steps.workflow_id = ${workflowId} and steps.agent = step.agent
      returning steps.agent
    ),`;
}

const stepRow = ({ agent, state, lease, retryDelayMs, redispatchDelayMs }: StepChange) => ({
  agent,
  status: state.status,
  attempt: state.attempt,
  interruptions: state.interruptions,
  error: state.failure?.message ?? null,
  error_code: state.failure?.code ?? null,
  retry_delay_ms: retryDelayMs,
  redispatch_delay_ms: redispatchDelayMs,
  lease_worker_id: lease.leaseWorkerId,
  lease_number: lease.leaseNumber,
  is_ready: lease.isReady,
});

function deployment(client: Sql, { workflow }: WorkflowSnapshot, { deployment }: Change): Fragment {
  if (deployment === null) return client``;
  return client`
    deployment as (
      insert into deployments (workflow_id, room_id, deployment_url, code_cid, completed_at)
      select ${workflow.id}, ${workflow.roomId}, ${deployment.deploymentUrl}, ${deployment.codeCid}, now from moment
    ),`;
}

/** The unique key on the workflow makes it impossible to pay a reward twice. */
function roomAndReward(client: Sql, { workflow }: WorkflowSnapshot, { end }: Change): Fragment {
  if (end === null) return client``;
  const { room, reward } = end;
  const freed = client`
    freed_room as (
      update rooms set status = ${room.status}, error = ${room.error}, updated_at = now
      from moment where id = ${workflow.roomId}
    ),`;
  if (reward === null) return freed;
  return client`${freed}
    reward as (
      insert into rewards (id, viewer_id, workflow_id, amount, created_at)
      select ${uuidv7()}, ${workflow.viewerId}, ${workflow.id}, ${reward}, now from moment
      on conflict do nothing
    ),`;
}
