import type { RoomRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { Admission, CreatedWorkflow, Creation, NewWorkflow } from '../orchestrator/ports/store.ts';
import { idempotencyConflict } from '../orchestrator/request-error.ts';
import { arrayLiteral, type Fragment, type Tx } from './client.ts';
import { fromRow, roomColumns, workflowColumns } from './columns.ts';
import { type AppendedRow, appendParts, storedLines } from './sql/append.ts';
import { interval } from './sql/lease.ts';

type Row = Record<string, unknown>;

/** @see {@link WorkflowStore.create} */
export async function createWorkflow(
  tx: Tx,
  command: NewWorkflow,
  decide: (admission: Admission) => Creation,
): Promise<CreatedWorkflow> {
  await lockViewer(tx, command.viewerId);
  const replayed = await findReplayed(tx, command);
  if (replayed !== null) return { ...replayed, replayed: true, lines: [], decisions: [] };
  const creation = decide(await lockRoom(tx, command));
  const created = await insertWorkflow(tx, command, creation);
  return { ...created, replayed: false, decisions: creation.decisions };
}

/** Locks the viewer, who is created if there is none. */
export async function lockViewer(tx: Tx, viewerId: string): Promise<void> {
  const lock = () => tx`select from viewers where id = ${viewerId} for no key update`;
  if ((await lock()).length === 1) return;
  await tx`insert into viewers (id) values (${viewerId}) on conflict do nothing`;
  await lock();
}

async function findReplayed(
  tx: Tx,
  { viewerId, idempotency }: NewWorkflow,
): Promise<{ workflow: WorkflowRecord; room: RoomRecord } | null> {
  if (idempotency === null) return null;
  const [found] = await tx<{ workflow: Row; room: Row }[]>`
    select row_to_json(workflows) as workflow, row_to_json(rooms) as room
    from workflows join rooms on rooms.id = workflows.room_id
    where workflows.viewer_id = ${viewerId} and idempotency_key = ${idempotency.key}`;
  if (found === undefined) return null;
  const workflow = fromRow(workflowColumns, found.workflow);
  if (found.workflow['idempotent_request'] !== idempotency.request) throw idempotencyConflict(workflow.id);
  return { workflow, room: fromRow(roomColumns, found.room) };
}

/** Locks the room and counts the viewer's workflows. While the viewer is locked, none of them starts or ends. */
async function lockRoom(tx: Tx, { room, viewerId }: NewWorkflow): Promise<Admission> {
  type Found = { is_room_found: boolean; unfinished_in_room: string | null; unfinished: number; running: number };
  const [found] = await tx<Found[]>`
    with room as (select from rooms where id = ${room.id} and viewer_id = ${viewerId} for no key update)
    select exists (select from room) as is_room_found,
      max(id::text) filter (where room_id = ${room.id}) as unfinished_in_room,
      count(*)::int as unfinished,
      (count(*) filter (where status = 'running'))::int as running
    from workflows
    where viewer_id = ${viewerId} and status in ('queued', 'running')`;
  if (found === undefined) throw new Error('a count returned no row');
  const { is_room_found: isRoomFound, unfinished_in_room: unfinishedInRoom, unfinished, running } = found;
  return { isRoomFound, unfinishedInRoom, unfinished, running };
}

/** Writes the workflow with its steps and its first lines, and its room, in one statement. */
async function insertWorkflow(
  tx: Tx,
  command: NewWorkflow,
  creation: Creation,
): Promise<Pick<CreatedWorkflow, 'workflow' | 'room' | 'lines'>> {
  const { workflowId, viewerId, retry, idempotency } = command;
  const { chain, lines, keptSteps, newSteps } = creation;
  const roomId = command.room.id;
  const stepRows = newSteps.map((step) => ({ agent: step.agent, redispatch_delay_ms: step.redispatchDelayMs }));
  const [row] = await tx<(AppendedRow & { room: Row; workflow: Row })[]>`
    with moment as (select clock_timestamp()::timestamptz(3) as now),
    room as (${writtenRoom(tx, command, creation)}),
    target as (
      select 0 as log, id as room_id, ${workflowId}::uuid as workflow_id, 0::bigint as lines_before, ${lines.length}::bigint as line_count, now
      from room, moment
    ),
    ${appendParts(tx, [lines])},
    workflow as (
      insert into workflows (
        id, room_id, viewer_id, status, user_input, language, variation, retry_of_id, idempotency_key, idempotent_request,
        log_start_seq, created_at, updated_at, started_at
      )
      select ${workflowId}, room.id, ${viewerId}, ${chain.status}, ${command.userInput}, ${command.language},
        ${command.variation}, ${retry?.workflowId ?? null}, ${idempotency?.key ?? null}, ${idempotency?.request ?? null},
        last_seq - ${lines.length}, now, now, ${creation.starts ? tx`now` : tx`null`}
      from moment, room, head
      returning *
    ),
    -- Copied inside Postgres: a result can be as large as 10 MiB.
    kept_steps as (
      insert into steps (workflow_id, agent, status, result, started_at, finished_at)
      select ${workflowId}, agent, status, result, started_at, finished_at from steps
      where workflow_id = ${retry?.workflowId ?? null} and agent = any(${arrayLiteral(keptSteps)}::agent_name[])
    ),
    new_steps as (
      insert into steps (workflow_id, agent, available_at)
      select ${workflowId}, agent, now + ${interval(tx, tx`redispatch_delay_ms`)}
      from moment, json_to_recordset(${JSON.stringify(stepRows)}::json) as step (
        agent agent_name, redispatch_delay_ms float
      )
    )
    select row_to_json(room) as room, row_to_json(workflow) as workflow, last_seq, now from moment, room, workflow, head`;
  if (row === undefined) throw new Error(`room ${roomId} disappeared while it was locked`);
  return {
    workflow: fromRow(workflowColumns, row.workflow),
    room: fromRow(roomColumns, row.room),
    lines: storedLines(lines, { roomId, workflowId }, row),
  };
}

function writtenRoom(tx: Tx, { room, viewerId }: NewWorkflow, { room: { status, error } }: Creation): Fragment {
  return room.type === 'new'
    ? tx`insert into rooms (id, viewer_id, title, status, error, created_at, updated_at)
        select ${room.id}, ${viewerId}, ${room.title}, ${status}, ${error}, now, now from moment returning *`
    : tx`update rooms set status = ${status}, error = ${error}, updated_at = now
        from moment where id = ${room.id} returning rooms.*`;
}
