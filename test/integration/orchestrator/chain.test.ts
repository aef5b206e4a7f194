import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { createTestEngine } from '../../support/engine/test-engine.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('a workflow whose agents all succeed', () => {
  let database: TestDatabase;
  let agents: ScriptedAgents;
  let engine: ReturnType<typeof createTestEngine>;

  beforeAll(async () => {
    database = await createTestDatabase();
    agents = await startScriptedAgents();
    engine = createTestEngine(database, { urls: agents.urls });
    await engine.work();
  });
  afterAll(async () => {
    await engine.stop(1_000);
    await agents.close();
    await database.drop();
  });

  test('a workflow calls the four agents in order and writes its log', async () => {
    const { db } = database;
    const { workflow, room } = await engine.service.start('local', { userInput: 'a lamp' });
    const finished = await waitFor('the end', async () => {
      const [row] = await db.select().from(tables.workflows).where(eq(tables.workflows.id, workflow.id));
      return row?.finishedAt != null && row;
    });
    expect(finished.status).toBe('succeeded');
    expect(agents.calls.map((call) => call.agent)).toEqual(AGENT_NAMES);
    const lines = await db
      .select()
      .from(tables.logLines)
      .where(eq(tables.logLines.roomId, room.id))
      .orderBy(asc(tables.logLines.seq));
    expect(lines.map(({ metadata }) => metadata?.['event'])).toEqual([
      'workflow.started',
      ...['attempt.started', 'step.succeeded', 'attempt.started', 'step.succeeded'],
      ...['attempt.started', 'step.succeeded', 'attempt.started', 'step.succeeded'],
      ...['deployment.completed', 'reward.paid', 'workflow.finished'],
    ]);
    expect(engine.failures).toEqual([]);
  });
});
