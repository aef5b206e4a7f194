import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { Decision } from '../orchestrator/domain/chain.ts';
import { failureSummary } from '../orchestrator/domain/narration.ts';
import { isStepFinished, isWorkflowFinished, REWARD_AMOUNT, roomStatusAfter } from '../orchestrator/domain/workflow.ts';
import type { Change, Changed, LeaseNumbers, WorkflowView } from '../orchestrator/write-ports.ts';
import type { Tx } from './client.ts';
import { appendLines } from './log-store.ts';
import { toWorkflowRecord } from './records.ts';
import { attempts, deployments, rewards, rooms, steps, workflows } from './tables.ts';
import { ms } from './workflow-view.ts';

/** How long a dispatch or a taking keeps the reconciler away from a step. */
export const CHECK_AFTER_MS = 5_000;
const CHECK_WAIT_AFTER_MS = 500;

const now = sql`clock_timestamp()`;

/** Writes what a decision makes of a locked workflow: steps, attempts, deployment, room and reward, log, workflow. */
export async function writeChange(tx: Tx, view: WorkflowView, change: Change): Promise<Omit<Changed, 'type'>> {
  const { id: workflowId, roomId } = view.workflow;
  // In the order in which it happened, so that the times tell the same: an attempt ends, its step, then the next begins.
  await endAttempts(tx, workflowId, change);
  for (const agent of AGENT_NAMES) await writeStep(tx, view, change, agent);
  await beginAttempt(tx, workflowId, change);
  if (change.deployment !== undefined) {
    await tx.insert(deployments).values({ workflowId, roomId, ...change.deployment, completedAt: now });
  }
  const finish = change.decisions.find((decision) => decision.type === 'finish');
  if (finish !== undefined) await finishRoom(tx, view, change, finish.status);
  const lines = await appendLines(tx, { roomId, workflowId }, change.lines);
  const workflow = await writeWorkflow(tx, view, change, lines.at(-1)?.seq ?? null);
  const { taken } = change;
  const leaseNumbers = leaseNumbersAfter(view, change);
  const lease = taken && { workflowId, ...taken, number: leaseNumbers[taken.agent] };
  return {
    workflow,
    lines,
    decisions: change.decisions,
    leaseNumbers,
    lease: lease ?? null,
    viewerHasQueued: finish !== undefined && (await hasQueued(tx, view.workflow.viewerId)),
  };
}

function leaseNumbersAfter({ holds }: WorkflowView, { taken }: Change): LeaseNumbers {
  const number = (agent: AgentName) => holds[agent].leaseNumber + (taken?.agent === agent ? 1 : 0);
  return { story: number('story'), asset: number('asset'), code: number('code'), deploy: number('deploy') };
}

async function writeStep(tx: Tx, view: WorkflowView, change: Change, agent: AgentName): Promise<void> {
  const before = view.chain.steps[agent];
  const after = change.state.steps[agent];
  const called = change.decisions.find((decision) => decision.type === 'call' && decision.agent === agent);
  const isTaken = change.taken?.agent === agent;
  if (before === after && called === undefined && !isTaken) return;

  const finished = isStepFinished(after.status);
  const result = change.result?.agent === agent ? change.result.result : undefined;
  await tx
    .update(steps)
    .set({
      status: after.status,
      attempt: after.attempt,
      interruptions: after.interruptions,
      error: after.failure?.message ?? null,
      errorCode: after.failure?.code ?? null,
      ...(result === undefined ? {} : { result }),
      nextAttemptAt: after.status === 'waiting_to_retry' ? sql`${now} + ${ms(delayOf(called))}` : null,
      ...checkAt(finished, called, isTaken),
      leaseWorkerId: isTaken ? change.taken?.workerId : null,
      ...(isTaken ? { leaseNumber: view.holds[agent].leaseNumber + 1 } : {}),
      ...(isTaken ? { startedAt: sql`coalesce(${steps.startedAt}, ${now})` } : {}),
      ...(finished ? { finishedAt: now } : {}),
    })
    .where(and(eq(steps.workflowId, view.workflow.id), eq(steps.agent, agent)));
}

const delayOf = (called: Decision | undefined) => (called?.type === 'call' ? called.delayMs : 0);

function checkAt(finished: boolean, called: Decision | undefined, isTaken: boolean) {
  if (finished) return { checkAt: null };
  const delayMs = delayOf(called);
  // A wait that nobody here ends (we were stopped meanwhile) is ended by another process, a moment after it is due.
  if (delayMs > 0) return { checkAt: sql`${now} + ${ms(delayMs + CHECK_WAIT_AFTER_MS)}` };
  if (called !== undefined || isTaken) return { checkAt: sql`${now} + ${ms(CHECK_AFTER_MS)}` };
  return {};
}

async function endAttempts(tx: Tx, workflowId: string, { ended, state }: Change): Promise<void> {
  if (state.status === 'cancelled') {
    const open = and(eq(attempts.workflowId, workflowId), isNull(attempts.finishedAt));
    await tx.update(attempts).set({ finishedAt: now }).where(open);
  }
  if (ended !== undefined) {
    const { failure } = ended;
    await tx
      .update(attempts)
      .set({
        finishedAt: now,
        error: failure?.message ?? null,
        errorCode: failure?.code ?? null,
        httpStatus: failure?.httpStatus ?? null,
      })
      .where(
        and(eq(attempts.workflowId, workflowId), eq(attempts.agent, ended.agent), eq(attempts.number, ended.attempt)),
      );
  }
}

async function beginAttempt(tx: Tx, workflowId: string, { taken, state }: Change): Promise<void> {
  if (taken === undefined) return;
  const number = state.steps[taken.agent].attempt;
  // An attempt that is made again keeps its row.
  await tx.insert(attempts).values({ workflowId, agent: taken.agent, number, startedAt: now }).onConflictDoNothing();
}

async function finishRoom(
  tx: Tx,
  { workflow }: WorkflowView,
  change: Change,
  status: 'succeeded' | 'failed' | 'cancelled',
): Promise<void> {
  const error = status === 'failed' ? failureSummary(change.state) : null;
  await tx
    .update(rooms)
    .set({ status: roomStatusAfter(status), error, updatedAt: now })
    .where(eq(rooms.id, workflow.roomId));
  if (status !== 'succeeded') return;
  await tx
    .insert(rewards)
    .values({ id: uuidv7(), viewerId: workflow.viewerId, workflowId: workflow.id, amount: REWARD_AMOUNT })
    // The unique key on the workflow: whatever happens, it is paid once.
    .onConflictDoNothing();
}

async function writeWorkflow(tx: Tx, view: WorkflowView, { state }: Change, lastSeq: number | null) {
  const finished = isWorkflowFinished(state.status);
  const [row] = await tx
    .update(workflows)
    .set({
      status: state.status,
      version: sql`${workflows.version} + 1`,
      updatedAt: now,
      ...(view.workflow.startedAt === null && state.status === 'running' ? { startedAt: now } : {}),
      ...(finished ? { finishedAt: now, logEndSeq: lastSeq } : {}),
    })
    .where(eq(workflows.id, view.workflow.id))
    .returning();
  if (row === undefined) throw new Error(`workflow ${view.workflow.id} vanished under its lock`);
  return toWorkflowRecord(row);
}

async function hasQueued(tx: Tx, viewerId: string): Promise<boolean> {
  const queued = await tx
    .select({ id: workflows.id })
    .from(workflows)
    .where(and(eq(workflows.viewerId, viewerId), eq(workflows.status, 'queued')))
    .limit(1);
  return queued.length > 0;
}
