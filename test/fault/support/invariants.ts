import { asc, eq, inArray } from 'drizzle-orm';
import { expect } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { ScriptedAgents } from '../../support/agents/scripted-agents.ts';
import type { TestDatabase } from '../../support/databases/test-database.ts';
import { expectValidWorkflowLog } from '../../support/engine/workflow-log.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { WorkflowRef } from './cluster.ts';

type FinishedWorkflow = Awaited<ReturnType<typeof waitForEnd>>[number];

/** Waits until every workflow has ended. @throws when that takes longer than `timeoutMs`, with the unfinished steps */
export async function waitForEnd({ db }: TestDatabase, workflows: readonly WorkflowRef[], timeoutMs = 120_000) {
  let unfinished: string[] = [];
  return await waitFor(
    `${workflows.length} workflows to end`,
    async () => {
      const ids = workflows.map(({ id }) => id);
      const rows = await db.select().from(tables.workflows).where(inArray(tables.workflows.id, ids));
      unfinished = rows.filter((row) => row.finishedAt === null).map(({ id }) => id);
      return rows.length === ids.length && unfinished.length === 0 && rows;
    },
    timeoutMs,
  ).catch(async (error: Error) => {
    const steps = await db.select().from(tables.steps).where(inArray(tables.steps.workflowId, unfinished));
    const details = JSON.stringify(steps.slice(0, 8), withoutResult);
    throw new Error(`${error.message}: ${unfinished.length} have not ended, ${details}`);
  });
}

/**
 * Fails unless the invariants hold that no crash may break: each workflow has one final status; its log has no gaps and
 * is a valid sequence of events; a success has one reward and anything else none; and no agent was called after its
 * result had been saved.
 */
export async function expectInvariants(
  database: TestDatabase,
  agents: ScriptedAgents,
  workflows: readonly WorkflowRef[],
): Promise<FinishedWorkflow[]> {
  const finished = await waitForEnd(database, workflows);
  for (const workflow of finished) await expectWorkflowInvariants(database, agents, workflow);
  return finished;
}

async function expectWorkflowInvariants(
  { db }: TestDatabase,
  agents: ScriptedAgents,
  workflow: FinishedWorkflow,
): Promise<void> {
  const { id, roomId, status } = workflow;
  expect(['succeeded', 'failed', 'cancelled']).toContain(status);

  const room = await db
    .select()
    .from(tables.logLines)
    .where(eq(tables.logLines.roomId, roomId))
    .orderBy(asc(tables.logLines.seq));
  expect(room.map(({ seq }) => seq)).toEqual(room.map((_line, index) => index + 1));
  const lines = room.filter(({ workflowId }) => workflowId === id);
  expect(lines.at(-1)?.seq).toBe(workflow.logEndSeq);
  expect(lines.filter(({ metadata }) => metadata?.['event'] === 'workflow.finished')).toHaveLength(1);
  if (status === 'succeeded')
    expectValidWorkflowLog(lines.filter(({ metadata }) => metadata?.['event'] !== 'workflow.queued'));

  const rewards = await db.select().from(tables.rewards).where(eq(tables.rewards.workflowId, id));
  expect(rewards).toHaveLength(status === 'succeeded' ? 1 : 0);

  const steps = await db.select().from(tables.steps).where(eq(tables.steps.workflowId, id));
  for (const { agent, finishedAt, result, leaseWorkerId } of steps) {
    expect(finishedAt).not.toBeNull();
    expect(leaseWorkerId).toBeNull();
    if (result === null) continue;
    const late = callsFor(agents, id, agent).filter(
      ({ at }) => at > (finishedAt?.getTime() ?? 0) + CLOCK_RESOLUTION_MS,
    );
    expect(late).toEqual([]);
  }
}

/** Two processes on one machine read the same clock, each rounded to whole milliseconds. */
const CLOCK_RESOLUTION_MS = 2;

/** The calls to an agent that belong to a workflow. */
export function callsFor(agents: ScriptedAgents, workflowId: string, agent: AgentName) {
  return agents.callsOf(agent).filter(({ headers }) => headers['idempotency-key'] === `${workflowId}:${agent}`);
}

const withoutResult = (key: string, value: unknown) => (key === 'result' ? undefined : value);
