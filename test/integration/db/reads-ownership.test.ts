import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReads } from '../../../src/db/reads/create-reads.ts';
import type { LogPage, Reads } from '../../../src/orchestrator/ports/reads.ts';
import { AT, insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

const PAGE: LogPage = { from: 'first', limit: 10 };

let database: TestDatabase;
let reads: Reads;
let roomId = '';
let workflowId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  reads = createReads(database.db);
  roomId = await insertRoom(database.db, 'alice');
  workflowId = await insertWorkflow(database.db, { viewerId: 'alice', roomId });
  await insertLines(database.db, { roomId, workflowId }, 3);
  // The other viewer has rows as well: a forgotten condition would show the first one's beside them.
  const otherRoom = await insertRoom(database.db, 'bob');
  await insertWorkflow(database.db, { viewerId: 'bob', roomId: otherRoom });
});
afterAll(() => database.drop());

/** Each read of the first viewer's rows, and how many of them the viewer is given. */
const READS: Record<string, (viewerId: string, ids: { room: string; workflow: string }) => Promise<number>> = {
  'rooms.byIds': async (viewerId, { room }) => (await reads.rooms.byIds(viewerId, [room])).length,
  'rooms.list': async (viewerId, { room }) =>
    (await reads.rooms.list(viewerId, { first: 10 })).items.filter(({ id }) => id === room).length,
  'workflows.byIds': async (viewerId, { workflow }) => (await reads.workflows.byIds(viewerId, [workflow])).length,
  'workflows.latestByRooms': async (viewerId, { room }) =>
    (await reads.workflows.latestByRooms(viewerId, [room])).length,
  'workflows.listByRooms': async (viewerId, { room }) =>
    (await reads.workflows.listByRooms(viewerId, [room], { first: 10 })).get(room)?.items.length ?? 0,
  'workflows.steps': async (viewerId, { workflow }) => (await reads.workflows.steps(viewerId, [workflow])).length,
  'workflows.attempts': async (viewerId, { workflow }) => (await reads.workflows.attempts(viewerId, [workflow])).length,
  'workflows.usages': async (viewerId, { workflow }) => (await reads.workflows.usages(viewerId, [workflow])).length,
  'workflows.outputs': async (viewerId, { workflow: workflowId }) =>
    (await reads.workflows.outputs(viewerId, [{ workflowId, agent: 'story' }])).length,
  'workflows.results': async (viewerId, { workflow: workflowId }) =>
    (await reads.workflows.results(viewerId, [{ workflowId, agent: 'story' }])).length,
  'workflows.deployments': async (viewerId, { workflow }) =>
    (await reads.workflows.deployments(viewerId, [workflow])).length,
  'rewards.byWorkflows': async (viewerId, { workflow }) =>
    (await reads.rewards.byWorkflows(viewerId, [workflow])).length,
  'rewards.list': async (viewerId, { workflow }) =>
    (await reads.rewards.list(viewerId, { first: 10 })).items.filter(({ workflowId }) => workflowId === workflow)
      .length,
  'logs.page': async (viewerId, { room }) =>
    (await reads.logs.page(viewerId, [room], PAGE)).get(room)?.items.length ?? 0,
};

/** Not by the owner's ids: the sum of whoever asks, what is public, and a read for watchers who were let in before. */
const OTHERWISE = ['contents.describe', 'rewards.balance', 'workflows.activity', 'workflows.deploymentsAfter'];

describe('reads', () => {
  test('every read is covered by the table of this test', () => {
    const all = Object.entries(reads).flatMap(([aggregate, one]) =>
      Object.keys(one).map((name) => `${aggregate}.${name}`),
    );
    expect([...Object.keys(READS), ...OTHERWISE].toSorted()).toEqual(all.toSorted());
  });

  test.each(Object.entries(READS))('%s returns rows only to their owner', async (_name, read) => {
    const ids = { room: roomId, workflow: workflowId };
    expect(await read('alice', ids)).toBeGreaterThan(0);
    expect(await read('bob', ids)).toBe(0);
    expect(await read('nobody', ids)).toBe(0);
  });

  test.each(Object.entries(READS))(
    '%s returns nothing for text that is not an id, without asking Postgres for it',
    async (_name, read) => {
      for (const id of ['', 'x', `${roomId}x`, '{}', '\u0000', '\ud800', "'; --", roomId.toUpperCase()]) {
        expect(await read('alice', { room: id, workflow: id })).toBe(0);
      }
    },
  );

  test('rooms.byIds finds the valid ids among invalid ones', async () => {
    expect((await reads.rooms.byIds('alice', ['x', roomId, roomId])).map(({ id }) => id)).toEqual([roomId]);
  });

  test("rewards.balance adds up the viewer's rewards", async () => {
    await insertWorkflow(database.db, { viewerId: 'alice', roomId });
    expect(await reads.rewards.balance('alice')).toBe(20);
    expect(await reads.rewards.balance('bob')).toBe(10);
    expect(await reads.rewards.balance('nobody')).toBe(0);
  });

  test('workflows.deploymentsAfter excludes the given instant', async () => {
    expect(await reads.workflows.deploymentsAfter(roomId, AT)).toEqual([]);
    const before = new Date(AT.getTime() - 1);
    expect((await reads.workflows.deploymentsAfter(roomId, before)).map((row) => row.workflowId)).toContain(workflowId);
    expect(await reads.workflows.deploymentsAfter('x', before)).toEqual([]);
  });
});
