import { eq } from 'drizzle-orm';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import { steps, workflows } from '../../../src/db/tables.ts';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';
import type { Subscriptions } from '../../../src/orchestrator/ports/log.ts';
import type { WorkflowService } from '../../../src/orchestrator/workflow-service.ts';
import { AT, insertQueuedWorkflow, insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { fake, pipeable } from '../../support/fake.ts';
import { contextOf, dataOf, schema } from '../../support/graphql/execute.ts';

let database: TestDatabase;
let roomId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  roomId = await insertRoom(database.db, 'alice');
});
afterAll(() => database.drop());

async function cancelRows(workflowId: string): Promise<void> {
  const { db } = database;
  const end = { status: 'cancelled' as const, finishedAt: AT };
  await db.update(steps).set(end).where(eq(steps.workflowId, workflowId));
  await db
    .update(workflows)
    .set({ ...end, version: 2, logEndSeq: 1 })
    .where(eq(workflows.id, workflowId));
}

async function recordOf(workflowId: string) {
  const [workflow] = await createReads(database.db).workflows.byIds('alice', [workflowId]);
  if (workflow === undefined) throw new Error('no such workflow');
  return workflow;
}

describe('fields of a workflow that changes', () => {
  test('each event of a subscription has the fields as they were at that event', async () => {
    const workflowId = await insertQueuedWorkflow(database.db, { viewerId: 'alice', roomId });
    const subscriptions = fake<Subscriptions>('subscriptions', {
      async workflowUpdated() {
        const events = async function* () {
          yield await recordOf(workflowId);
          await cancelRows(workflowId);
          yield await recordOf(workflowId);
        };
        return pipeable(events());
      },
    });
    const events = await subscribe({
      schema,
      document: parse(
        'subscription ($id: ID!) { workflowUpdated(workflowId: $id) { status version room { id } steps { status } } }',
      ),
      variableValues: { id: workflowId },
      contextValue: contextOf(database.db, 'alice', { subscriptions }),
    });
    const seen: unknown[] = [];
    for await (const { data } of events as AsyncGenerator<ExecutionResult>) seen.push(data?.['workflowUpdated']);
    expect(seen).toEqual([
      { status: 'QUEUED', version: 1, room: { id: roomId }, steps: AGENT_NAMES.map(() => ({ status: 'PENDING' })) },
      {
        status: 'CANCELLED',
        version: 2,
        room: { id: roomId },
        steps: AGENT_NAMES.map(() => ({ status: 'CANCELLED' })),
      },
    ]);
  });

  test('the second mutation of a request reads what the first one changed', async () => {
    const workflowId = await insertQueuedWorkflow(database.db, { viewerId: 'alice', roomId });
    const service = {
      createRoom: async () => {
        const [room] = await createReads(database.db).rooms.byIds('alice', [roomId]);
        if (room === undefined) throw new Error('no such room');
        return room;
      },
      cancel: async () => {
        await cancelRows(workflowId);
        return await recordOf(workflowId);
      },
    } as Partial<WorkflowService> as WorkflowService;
    const answer = await dataOf(
      contextOf(database.db, 'alice', { workflows: service }),
      'mutation ($id: ID!) { createRoom { latestWorkflow { steps { status } } } cancelWorkflow(id: $id) { steps { status } } }',
      { id: workflowId },
    );
    expect(answer).toEqual({
      createRoom: { latestWorkflow: { steps: AGENT_NAMES.map(() => ({ status: 'PENDING' })) } },
      cancelWorkflow: { steps: AGENT_NAMES.map(() => ({ status: 'CANCELLED' })) },
    });
  });
});
