import { type Advance, advance, initialChain } from '../orchestrator/domain/chain.ts';
import { workflowQueued, workflowStarted } from '../orchestrator/domain/log-messages.ts';
import { DEFAULT_RETRY_POLICY } from '../orchestrator/domain/retry-policy.ts';
import { RequestError, roomNotFound, workflowAlreadyRunning } from '../orchestrator/errors.ts';
import type { RoomRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { CreatedWorkflow, NewWorkflow } from '../orchestrator/ports/store.ts';
import type { Tx } from './client.ts';
import { fromRow } from './from-row.ts';
import { roomColumns, workflowColumns } from './records.ts';
import { insertWorkflow } from './workflow-insert.ts';

/** A workflow with its four steps, in a room that is running from here on. @see {@link NewWorkflow} */
export async function createWorkflow(tx: Tx, command: NewWorkflow): Promise<CreatedWorkflow> {
  await lockViewer(tx, command.viewerId);
  const replayed = await findReplayed(tx, command);
  if (replayed !== null) return { ...replayed, replayed: true, lines: [], decisions: [] };

  const { unfinished, running } = await admit(tx, command);
  // Queued ones count: whoever came before goes first, also in the moment between an end and the promotion after it.
  const queued = command.maxRunning > 0 && unfinished >= command.maxRunning;
  const chain = start(command, queued);
  const first = command.retry?.from ?? 'story';
  const line = queued ? workflowQueued(running) : workflowStarted(first, command.retry?.workflowId ?? null);
  return { ...(await insertWorkflow(tx, command, chain, line)), replayed: false, decisions: chain.decisions };
}

function start({ retry }: NewWorkflow, queued: boolean): Advance {
  const initial = initialChain(retry?.from);
  return queued ? { state: initial, decisions: [] } : advance(initial, { type: 'started' }, DEFAULT_RETRY_POLICY);
}

export async function lockViewer(tx: Tx, viewerId: string): Promise<void> {
  const locked = () => tx`select from viewers where id = ${viewerId} for no key update`;
  if ((await locked()).length === 1) return;
  await tx`insert into viewers (id) values (${viewerId}) on conflict do nothing`;
  await locked();
}

async function findReplayed(
  tx: Tx,
  { viewerId, idempotency }: NewWorkflow,
): Promise<{ workflow: WorkflowRecord; room: RoomRecord } | null> {
  if (idempotency === null) return null;
  const [found] = await tx<{ workflow: Record<string, unknown>; room: Record<string, unknown> }[]>`
    select row_to_json(workflows) as workflow, row_to_json(rooms) as room
    from workflows join rooms on rooms.id = workflows.room_id
    where workflows.viewer_id = ${viewerId} and idempotency_key = ${idempotency.key}`;
  if (found === undefined) return null;
  const workflow = fromRow(workflowColumns, found.workflow);
  if (found.workflow['idempotent_request'] !== idempotency.request) {
    throw new RequestError('IDEMPOTENCY_CONFLICT', 'This idempotencyKey was used before with other arguments.', {
      workflowId: workflow.id,
    });
  }
  return { workflow, room: fromRow(roomColumns, found.room) };
}

/**
 * Locks the room and counts the viewer's workflows. With the viewer locked, none starts or ends meanwhile.
 * @throws {RequestError} ROOM_NOT_FOUND, WORKFLOW_ALREADY_RUNNING
 */
async function admit(tx: Tx, { room, viewerId }: NewWorkflow): Promise<{ unfinished: number; running: number }> {
  const [found] = await tx<{ is_room: boolean; in_room: string | null; unfinished: number; running: number }[]>`
    with room as (select from rooms where id = ${room.id} and viewer_id = ${viewerId} for no key update)
    select exists (select from room) as is_room,
      max(id::text) filter (where room_id = ${room.id}) as in_room,
      count(*)::int as unfinished,
      (count(*) filter (where status = 'running'))::int as running
    from workflows
    where viewer_id = ${viewerId} and status in ('queued', 'running')`;
  if (found === undefined) throw new Error('a count returned no row');
  if (room.type === 'existing' && !found.is_room) throw roomNotFound();
  if (found.in_room !== null) throw workflowAlreadyRunning(found.in_room);
  return found;
}
