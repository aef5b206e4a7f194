import { and, eq, type SQL, sql } from 'drizzle-orm';
import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { StepState } from '../orchestrator/domain/chain.ts';
import type { StepHold, WorkflowView } from '../orchestrator/write-ports.ts';
import type { Db, Tx } from './client.ts';
import { toWorkflowRecord } from './records.ts';
import { rooms, steps, viewers, workers, workflows } from './tables.ts';

/** A worker not seen for so long is dead: its steps may be taken by others. */
export const WORKER_DEAD_AFTER_MS = 6_000;

/** Milliseconds as a Postgres interval. */
export const ms = (milliseconds: number): SQL => sql`(${milliseconds}::double precision * interval '1 millisecond')`;

export const workerIsAlive: SQL<boolean> = sql<boolean>`(${workers.seenAt} is not null and ${workers.seenAt} > clock_timestamp() - ${ms(WORKER_DEAD_AFTER_MS)})`;

/**
 * Locks a workflow: its own row, or with `withRoom` its viewer's and its room's before it, as a transaction that ends
 * it needs. False when there is none, or it is not this viewer's.
 */
export async function lockWorkflow(
  tx: Tx,
  target: { workflowId: string; viewerId?: string },
  withRoom: boolean,
): Promise<boolean> {
  if (withRoom) {
    const [owner] = await tx
      .select({ viewerId: workflows.viewerId, roomId: workflows.roomId })
      .from(workflows)
      .where(isTarget(target));
    if (owner === undefined) return false;
    await tx.select({ id: viewers.id }).from(viewers).where(eq(viewers.id, owner.viewerId)).for('no key update');
    await tx.select({ id: rooms.id }).from(rooms).where(eq(rooms.id, owner.roomId)).for('no key update');
  }
  const locked = await tx.select({ id: workflows.id }).from(workflows).where(isTarget(target)).for('no key update');
  return locked.length === 1;
}

function isTarget({ workflowId, viewerId }: { workflowId: string; viewerId?: string }): SQL | undefined {
  return and(eq(workflows.id, workflowId), viewerId === undefined ? undefined : eq(workflows.viewerId, viewerId));
}

/** A workflow with its steps, without their results. Read after the lock, in a statement of its own: see what won. */
export async function readView(tx: Tx | Db, workflowId: string): Promise<WorkflowView | null> {
  const rows = await tx
    .select({
      workflow: workflows,
      agent: steps.agent,
      status: steps.status,
      attempt: steps.attempt,
      interruptions: steps.interruptions,
      error: steps.error,
      errorCode: steps.errorCode,
      isTurn: sql<boolean>`${steps.checkAt} is not null`,
      dueInMs: sql<number>`coalesce(greatest(0, ceil(extract(epoch from ${steps.nextAttemptAt} - clock_timestamp()) * 1000)), 0)::int`,
      leaseWorkerId: steps.leaseWorkerId,
      leaseNumber: steps.leaseNumber,
      isHolderAlive: workerIsAlive,
      elapsedMs: sql<number>`coalesce(round(extract(epoch from clock_timestamp() - ${workflows.startedAt}) * 1000), 0)::float`,
    })
    .from(workflows)
    .innerJoin(steps, eq(steps.workflowId, workflows.id))
    .leftJoin(workers, eq(workers.id, steps.leaseWorkerId))
    .where(eq(workflows.id, workflowId));
  const [first] = rows;
  if (first === undefined) return null;

  const states = new Map<AgentName, StepState>();
  const holds = new Map<AgentName, StepHold>();
  for (const { agent, status, attempt, interruptions, error, errorCode, workflow: _, elapsedMs: __, ...hold } of rows) {
    const failure = errorCode === null || error === null ? null : { code: errorCode, message: error, final: true };
    states.set(agent, { status, attempt, interruptions, failure });
    holds.set(agent, hold);
  }
  return {
    workflow: toWorkflowRecord(first.workflow),
    chain: { status: first.workflow.status, steps: byAgent(states) },
    holds: byAgent(holds),
    elapsedMs: first.elapsedMs,
  };
}

function byAgent<T>(found: Map<AgentName, T>): Record<AgentName, T> {
  return Object.fromEntries(
    AGENT_NAMES.map((agent) => {
      const value = found.get(agent);
      if (value === undefined) throw new Error(`a workflow without its ${agent} step`);
      return [agent, value];
    }),
  ) as Record<AgentName, T>;
}
