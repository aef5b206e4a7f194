import { and, eq, inArray, sql } from 'drizzle-orm';
import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { type Advance, advance, initialChain } from '../orchestrator/domain/chain.ts';
import { workflowQueued, workflowStarted } from '../orchestrator/domain/narration.ts';
import { DEFAULT_RETRY_POLICY } from '../orchestrator/domain/retry-policy.ts';
import { UNFINISHED_WORKFLOW_STATUSES } from '../orchestrator/domain/workflow.ts';
import { RequestError, roomNotFound, workflowAlreadyRunning } from '../orchestrator/errors.ts';
import type { RoomRecord, WorkflowRecord } from '../orchestrator/records.ts';
import type { CreatedWorkflow, NewWorkflow } from '../orchestrator/write-ports.ts';
import type { Tx } from './client.ts';
import { appendLines } from './log-store.ts';
import { toRoomRecord, toWorkflowRecord } from './records.ts';
import { roomLogHeads, rooms, steps, viewers, workflows } from './tables.ts';
import { CHECK_AFTER_MS } from './workflow-change.ts';
import { ms } from './workflow-view.ts';

const now = sql`clock_timestamp()`;

/** A workflow with its four steps, in a room that is running from here on. @see {@link NewWorkflow} */
export async function createWorkflow(tx: Tx, command: NewWorkflow): Promise<CreatedWorkflow> {
  await lockViewer(tx, command.viewerId);
  const replayed = await findReplayed(tx, command);
  if (replayed !== null) return { ...replayed, replayed: true, lines: [], decisions: [] };

  await lockRoom(tx, command);
  // Queued ones count: whoever came before goes first, also in the moment between an end and the promotion after it.
  const ahead = await countUnfinished(tx, command.viewerId);
  const queued = command.maxRunning > 0 && ahead >= command.maxRunning;
  const chain = start(command, queued);

  const workflow = await insertWorkflow(tx, command, chain.state.status === 'running');
  await insertSteps(tx, command, chain);
  const [room] = await tx
    .update(rooms)
    .set({ status: 'running', error: null, updatedAt: now })
    .where(eq(rooms.id, command.room.id))
    .returning();
  if (room === undefined) throw new Error(`room ${command.room.id} vanished under its lock`);
  const first = command.retry?.from ?? 'story';
  const line = queued
    ? workflowQueued(await countRunning(tx, command.viewerId))
    : workflowStarted(first, command.retry?.workflowId ?? null);
  const lines = await appendLines(tx, { roomId: room.id, workflowId: workflow.id }, [line]);
  return { workflow, room: toRoomRecord(room), replayed: false, lines, decisions: chain.decisions };
}

function start({ retry }: NewWorkflow, queued: boolean): Advance {
  const state = initialChain(retry?.from);
  // The policy decides nothing before the first failure.
  return queued ? { state, decisions: [] } : advance(state, { type: 'started' }, DEFAULT_RETRY_POLICY);
}

/** The viewer's row, made when it is the first of theirs: what serialises one viewer's starts and ends. */
export async function lockViewer(tx: Tx, viewerId: string): Promise<void> {
  const locked = () => tx.select({ id: viewers.id }).from(viewers).where(eq(viewers.id, viewerId)).for('no key update');
  if ((await locked()).length === 1) return;
  await tx.insert(viewers).values({ id: viewerId }).onConflictDoNothing();
  await locked();
}

async function findReplayed(
  tx: Tx,
  { viewerId, idempotency }: NewWorkflow,
): Promise<{ workflow: WorkflowRecord; room: RoomRecord } | null> {
  if (idempotency === null) return null;
  const [found] = await tx
    .select({ workflow: workflows, room: rooms })
    .from(workflows)
    .innerJoin(rooms, eq(rooms.id, workflows.roomId))
    .where(and(eq(workflows.viewerId, viewerId), eq(workflows.idempotencyKey, idempotency.key)));
  if (found === undefined) return null;
  if (found.workflow.idempotentRequest !== idempotency.request) {
    throw new RequestError('IDEMPOTENCY_CONFLICT', 'This idempotencyKey was used before with other arguments.', {
      workflowId: found.workflow.id,
    });
  }
  return { workflow: toWorkflowRecord(found.workflow), room: toRoomRecord(found.room) };
}

async function lockRoom(tx: Tx, { room, viewerId }: NewWorkflow): Promise<void> {
  if (room.type === 'new') {
    await tx.insert(rooms).values({ id: room.id, viewerId });
    return;
  }
  const locked = await tx
    .select({ id: rooms.id })
    .from(rooms)
    .where(and(eq(rooms.id, room.id), eq(rooms.viewerId, viewerId)))
    .for('no key update');
  if (locked.length === 0) throw roomNotFound();
  const [unfinished] = await tx
    .select({ id: workflows.id })
    .from(workflows)
    .where(and(eq(workflows.roomId, room.id), inArray(workflows.status, [...UNFINISHED_WORKFLOW_STATUSES])));
  if (unfinished !== undefined) throw workflowAlreadyRunning(unfinished.id);
}

export async function countRunning(tx: Tx, viewerId: string): Promise<number> {
  return tx.$count(workflows, and(eq(workflows.viewerId, viewerId), eq(workflows.status, 'running')));
}

async function countUnfinished(tx: Tx, viewerId: string): Promise<number> {
  return tx.$count(
    workflows,
    and(eq(workflows.viewerId, viewerId), inArray(workflows.status, [...UNFINISHED_WORKFLOW_STATUSES])),
  );
}

async function insertWorkflow(tx: Tx, command: NewWorkflow, running: boolean): Promise<WorkflowRecord> {
  const [row] = await tx
    .insert(workflows)
    .values({
      id: command.workflowId,
      roomId: command.room.id,
      viewerId: command.viewerId,
      status: running ? 'running' : 'queued',
      userInput: command.userInput,
      retryOfId: command.retry?.workflowId ?? null,
      idempotencyKey: command.idempotency?.key ?? null,
      idempotentRequest: command.idempotency?.request ?? null,
      // Nobody appends meanwhile: the room is locked and has no other unfinished workflow.
      logStartSeq: sql`coalesce((select ${roomLogHeads.lastSeq} from ${roomLogHeads} where ${roomLogHeads.roomId} = ${command.room.id}), 0)`,
      startedAt: running ? now : null,
    })
    .returning();
  if (row === undefined) throw new Error('an insert returned no row');
  return toWorkflowRecord(row);
}

async function insertSteps(tx: Tx, { workflowId, retry }: NewWorkflow, { state, decisions }: Advance): Promise<void> {
  const kept = AGENT_NAMES.filter((agent) => state.steps[agent].status === 'succeeded');
  if (retry !== null && kept.length > 0) {
    // Copied inside Postgres: a result may be 10 MiB.
    await tx.execute(sql`
      insert into ${steps} (workflow_id, agent, status, result, started_at, finished_at)
      select ${workflowId}::uuid, ${steps.agent}, ${steps.status}, ${steps.result}, ${steps.startedAt}, ${steps.finishedAt}
      from ${steps} where ${and(eq(steps.workflowId, retry.workflowId), inArray(steps.agent, kept))}`);
  }
  const called = decisions.find((decision) => decision.type === 'call')?.agent;
  await tx.insert(steps).values(
    AGENT_NAMES.filter((agent) => !kept.includes(agent)).map((agent) => ({
      workflowId,
      agent,
      ...(agent === called ? { checkAt: sql`${now} + ${ms(CHECK_AFTER_MS)}` } : {}),
    })),
  );
}
