import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import type { Advance } from '../orchestrator/domain/chain.ts';
import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { CreatedWorkflow, NewWorkflow } from '../orchestrator/ports/store.ts';
import { arrayLiteral } from './array-literal.ts';
import { CHECK_AFTER_MS } from './change-sql.ts';
import type { Fragment, Tx } from './client.ts';
import { fromRow } from './from-row.ts';
import { lineRows, placed } from './log-rows.ts';
import { roomColumns, workflowColumns } from './records.ts';

/** Writes a workflow with its steps and its first line, and makes its room running: in one statement. */
export async function insertWorkflow(
  tx: Tx,
  command: NewWorkflow,
  { state, decisions }: Advance,
  line: NewLogLine,
): Promise<Pick<CreatedWorkflow, 'workflow' | 'room' | 'lines'>> {
  const { workflowId, viewerId, retry, idempotency } = command;
  const roomId = command.room.id;
  const kept = AGENT_NAMES.filter((agent) => state.steps[agent].status === 'succeeded');
  const keptAgents = arrayLiteral(kept);
  const called = decisions.find((decision) => decision.type === 'call')?.agent ?? null;
  type Row = { room: Record<string, unknown>; workflow: Record<string, unknown>; last_seq: string; now: string };
  const [row] = await tx<Row[]>`
    with moment as (select clock_timestamp()::timestamptz(3) as now),
    room as (${runningRoom(tx, command)}),
    head as (
      insert into room_log_heads (room_id, last_seq) select id, 1 from room
      on conflict (room_id) do update set last_seq = room_log_heads.last_seq + 1
      returning last_seq
    ),
    workflow as (
      insert into workflows (
        id, room_id, viewer_id, status, user_input, retry_of_id, idempotency_key, idempotent_request,
        log_start_seq, created_at, updated_at, started_at
      )
      select ${workflowId}, room.id, ${viewerId}, ${state.status}, ${command.userInput}, ${retry?.workflowId ?? null},
        ${idempotency?.key ?? null}, ${idempotency?.request ?? null},
        last_seq - 1, now, now, ${state.status === 'running' ? tx`now` : tx`null`}
      from moment, room, head
      returning *
    ),
    -- Copied inside Postgres: a result may be 10 MiB.
    kept as (
      insert into steps (workflow_id, agent, status, result, started_at, finished_at)
      select ${workflowId}, agent, status, result, started_at, finished_at from steps
      where workflow_id = ${retry?.workflowId ?? null} and agent = any(${keptAgents}::agent_name[])
    ),
    pending as (
      insert into steps (workflow_id, agent, check_at)
      select ${workflowId}, agent, case agent when ${called} then now + ${CHECK_AFTER_MS} * interval '1 millisecond' end
      from moment, unnest(enum_range(null::agent_name)) as agent
      where agent <> all(${keptAgents}::agent_name[])
    ),
    written as (
      insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select ${roomId}, last_seq, ${workflowId}, now, agent_type, level, message, metadata::json
      from moment, head, ${lineRows(tx, [line])}
    )
    select row_to_json(room) as room, row_to_json(workflow) as workflow, last_seq, now from moment, room, workflow, head`;
  if (row === undefined) throw new Error(`room ${roomId} vanished under its lock`);
  return {
    workflow: fromRow(workflowColumns, row.workflow),
    room: fromRow(roomColumns, row.room),
    lines: placed([line], { roomId, workflowId, lastSeq: Number(row.last_seq), timestamp: new Date(row.now) }),
  };
}

function runningRoom(tx: Tx, { room, viewerId }: NewWorkflow): Fragment {
  return room.type === 'new'
    ? tx`insert into rooms (id, viewer_id, status, created_at, updated_at)
        select ${room.id}, ${viewerId}, 'running', now, now from moment returning *`
    : tx`update rooms set status = 'running', error = null, updated_at = now from moment where id = ${room.id} returning rooms.*`;
}
