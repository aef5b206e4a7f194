import { byAgent } from '../orchestrator/domain/agents.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { Change, Changed, WorkflowSnapshot } from '../orchestrator/ports/store.ts';
import {
  begunPart,
  deploymentPart,
  endedPart,
  finishParts,
  heldStep,
  holdAfter,
  lockedRoom,
  stepPart,
} from './change-sql.ts';
import type { Sql } from './client.ts';
import { fromRow } from './from-row.ts';
import { lineRows, placed } from './log-rows.ts';
import { workflowColumns } from './records.ts';

/**
 * Writes what was decided of a workflow, all of it in one statement; and nothing when the workflow is no longer as it
 * was when that was decided (by its version), or the change's lease is no longer held: then it is null.
 *
 * Each part reads from `moment`, and so happens after the rows are locked, or not at all. Locks are taken in the order
 * of all transactions: viewer and room (where the workflow ends), workflow, step, log head.
 */
export async function writeChange(
  client: Sql,
  snapshot: WorkflowSnapshot,
  change: Change,
): Promise<Omit<Changed, 'type'> | null> {
  const { id: workflowId, roomId, version } = snapshot.workflow;
  const { under } = change;
  const finish = change.decisions.find((decision) => decision.type === 'finish');
  const nothing = client``;
  const [row] = await client<({ last_seq: string; now: string } & Record<string, unknown>)[]>`
    with ${finish === undefined ? nothing : lockedRoom(client, snapshot)}
    workflow as (
      select id from workflows
      where id = ${workflowId} and version = ${version}
        ${finish === undefined ? nothing : client`and exists (select from room)`}
      for no key update
    ),
    ${under === undefined ? nothing : heldStep(client, under)}
    moment as (
      select clock_timestamp()::timestamptz(3) as now from workflow${under === undefined ? nothing : client`, step`}
    ),
    ${endedPart(client, snapshot, change)}
    ${begunPart(client, snapshot, change)}
    ${stepPart(client, snapshot, change)}
    ${deploymentPart(client, snapshot, change)}
    ${finish === undefined ? nothing : finishParts(client, snapshot, change, finish.status)}
    head as (
      update room_log_heads set last_seq = last_seq + ${change.lines.length}
      -- Counting the steps puts this lock after theirs.
      from moment, (select count(*) from moved) as steps_first
      where room_id = ${roomId}
      returning last_seq
    ),
    written as (
      insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select ${roomId}, last_seq - ${change.lines.length} + place, ${workflowId}, now,
        agent_type, level, message, metadata::json
      from moment, head, ${lineRows(client, change.lines)}
    )
    update workflows set
      status = ${change.state.status},
      version = version + 1,
      updated_at = now,
      started_at = ${change.state.status === 'running' ? client`coalesce(started_at, now)` : client`started_at`},
      finished_at = ${finish === undefined ? client`null` : client`now`},
      log_end_seq = ${finish === undefined ? client`null` : client`last_seq`}
    from moment, head
    where id = ${workflowId}
    returning workflows.*, last_seq, now`;
  if (row === undefined) return null;

  const after = viewAfter(snapshot, change, fromRow(workflowColumns, row));
  const { taken } = change;
  const leaseNumbers = byAgent((agent) => after.leases[agent].leaseNumber);
  return {
    workflow: after.workflow,
    lines: placed(change.lines, { roomId, workflowId, lastSeq: Number(row.last_seq), timestamp: new Date(row.now) }),
    decisions: change.decisions,
    leaseNumbers,
    lease: taken === undefined ? null : { workflowId, ...taken, number: leaseNumbers[taken.agent] },
    snapshot: after,
  };
}

/** What reading the workflow once more would show. */
function viewAfter(snapshot: WorkflowSnapshot, change: Change, workflow: WorkflowRecord): WorkflowSnapshot {
  const { state, result } = change;
  const holds = byAgent((agent) => holdAfter(snapshot, change, agent) ?? snapshot.leases[agent]);
  const results = result === undefined ? snapshot.results : { ...snapshot.results, [result.agent]: result.result };
  return { ...snapshot, workflow, chain: state, leases: holds, results };
}
