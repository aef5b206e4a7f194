import { asc, eq, inArray } from 'drizzle-orm';
import { expect } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { ScriptedAgents } from '../../support/agents/scripted-agents.ts';
import type { TestDatabase } from '../../support/databases/test-database.ts';
import { expectValidWorkflowLog } from '../../support/engine/workflow-log.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Workflow } from './world.ts';

type Final = Awaited<ReturnType<typeof allEnded>>[number];

/** Waits until every workflow has ended; tells how many are still under way when that takes too long. */
export async function allEnded({ db }: TestDatabase, workflows: readonly Workflow[], withinMs = 120_000) {
  let left: { id: string; status: string }[] = [];
  return await waitFor(
    `the end of ${workflows.length} workflows`,
    async () => {
      const ids = workflows.map(({ id }) => id);
      const rows = await db.select().from(tables.workflows).where(inArray(tables.workflows.id, ids));
      left = rows.filter((row) => row.finishedAt === null).map(({ id, status }) => ({ id, status }));
      return rows.length === ids.length && left.length === 0 && rows;
    },
    withinMs,
  ).catch(async (error: Error) => {
    const stuck = await db
      .select()
      .from(tables.steps)
      .where(
        inArray(
          tables.steps.workflowId,
          left.map(({ id }) => id),
        ),
      );
    throw new Error(`${error.message}: ${left.length} left, ${JSON.stringify(stuck.slice(0, 8), withoutResult)}`);
  });
}

/**
 * Fails unless the tables, and what the agents saw, are as they must be whatever died: one final status, a log without
 * gaps that tells one story, one reward for a success and none for anything else, and no call of an agent whose result
 * was saved before.
 */
export async function expectSound(
  database: TestDatabase,
  agents: ScriptedAgents,
  workflows: readonly Workflow[],
): Promise<Final[]> {
  const finals = await allEnded(database, workflows);
  for (const final of finals) await expectSoundWorkflow(database, agents, final);
  return finals;
}

async function expectSoundWorkflow({ db }: TestDatabase, agents: ScriptedAgents, final: Final): Promise<void> {
  const { id, roomId, status } = final;
  expect(['succeeded', 'failed', 'cancelled']).toContain(status);

  const room = await db
    .select()
    .from(tables.logLines)
    .where(eq(tables.logLines.roomId, roomId))
    .orderBy(asc(tables.logLines.seq));
  expect(room.map(({ seq }) => seq)).toEqual(room.map((_line, index) => index + 1));
  const lines = room.filter(({ workflowId }) => workflowId === id);
  expect(lines.at(-1)?.seq).toBe(final.logEndSeq);
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
    const late = callsFor(agents, id, agent).filter(({ at }) => at > (finishedAt?.getTime() ?? 0) + CLOCK_READING_MS);
    expect(late).toEqual([]);
  }
}

/** Two processes of one machine read one clock, in whole milliseconds. */
const CLOCK_READING_MS = 2;

export function callsFor(agents: ScriptedAgents, workflowId: string, agent: AgentName) {
  return agents.callsOf(agent).filter(({ headers }) => headers['idempotency-key'] === `${workflowId}:${agent}`);
}

const withoutResult = (key: string, value: unknown) => (key === 'result' ? undefined : value);
