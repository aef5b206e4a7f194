import { and, asc, eq } from 'drizzle-orm';
import { test as base } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { type ScriptedAgents, startScriptedAgents } from '../agents/scripted-agents.ts';
import { createTestDatabase, type TestDatabase } from '../databases/test-database.ts';
import { waitFor } from '../wait-for.ts';
import { createTestEngine, type TestEngineOptions } from './test-engine.ts';

export type TestEngine = ReturnType<typeof createTestEngine>;

/** Reads the stored rows that tests assert on. */
export type Rows = {
  workflow(id: string): Promise<typeof tables.workflows.$inferSelect>;
  /** Waits until the workflow has ended. */
  ended(id: string): Promise<typeof tables.workflows.$inferSelect>;
  room(id: string): Promise<typeof tables.rooms.$inferSelect>;
  steps(workflowId: string): Promise<Record<AgentName, typeof tables.steps.$inferSelect>>;
  attempts(workflowId: string, agent: AgentName): Promise<(typeof tables.attempts.$inferSelect)[]>;
  rewards(workflowId: string): Promise<(typeof tables.rewards.$inferSelect)[]>;
  lines(roomId: string): Promise<(typeof tables.logLines.$inferSelect)[]>;
  /** `metadata.event` of the orchestrator's lines, in order. */
  events(roomId: string): Promise<unknown[]>;
};

/** `test` with a database, four scripted agents and workflow engines; each test has its own. */
export const test = base.extend<{
  database: TestDatabase;
  agents: ScriptedAgents;
  /** Starts one more engine on the same database. All are stopped at the end of the test. */
  start: (options?: Partial<TestEngineOptions>) => Promise<TestEngine>;
  rows: Rows;
}>({
  database: async ({}, use) => {
    const database = await createTestDatabase();
    await use(database);
    await database.drop();
  },
  agents: async ({}, use) => {
    const agents = await startScriptedAgents();
    await use(agents);
    await agents.close();
  },
  start: async ({ database, agents }, use) => {
    const engines: TestEngine[] = [];
    await use(async (options = {}) => {
      const engine = createTestEngine(database, { urls: agents.urls, ...options });
      engines.push(engine);
      await engine.work();
      return engine;
    });
    await Promise.all(engines.map((engine) => engine.stop(0)));
  },
  rows: async ({ database }, use) => use(createRows(database)),
});

function createRows({ db }: TestDatabase): Rows {
  const workflow = async (id: string) =>
    one(await db.select().from(tables.workflows).where(eq(tables.workflows.id, id)));
  const lines = (roomId: string) =>
    db.select().from(tables.logLines).where(eq(tables.logLines.roomId, roomId)).orderBy(asc(tables.logLines.seq));
  return {
    workflow,
    lines,
    ended: (id) =>
      waitFor('the workflow to end', async () => {
        const row = await workflow(id);
        return row.finishedAt !== null && row;
      }),
    room: async (id) => one(await db.select().from(tables.rooms).where(eq(tables.rooms.id, id))),
    async steps(workflowId) {
      const rows = await db.select().from(tables.steps).where(eq(tables.steps.workflowId, workflowId));
      return Object.fromEntries(rows.map((row) => [row.agent, row])) as Record<AgentName, (typeof rows)[number]>;
    },
    attempts: (workflowId, agent) =>
      db
        .select()
        .from(tables.attempts)
        .where(and(eq(tables.attempts.workflowId, workflowId), eq(tables.attempts.agent, agent)))
        .orderBy(asc(tables.attempts.number)),
    rewards: (workflowId) => db.select().from(tables.rewards).where(eq(tables.rewards.workflowId, workflowId)),
    events: async (roomId) =>
      (await lines(roomId)).flatMap(({ agentType, metadata }) =>
        agentType === 'orchestrator' ? [metadata?.['event']] : [],
      ),
  };
}

function one<T>([row]: T[]): T {
  if (row === undefined) throw new Error('no such row');
  return row;
}
