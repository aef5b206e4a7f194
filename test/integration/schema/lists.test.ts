import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { GraphQLContext } from '../../../src/schema/context.ts';
import { insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { contextOf, dataOf, errorOf } from '../../support/graphql/execute.ts';

type Page = {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
};

const FIELDS = '{ edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';
const OWNER = 'auth0|alice';

let database: TestDatabase;
let owner: GraphQLContext;
/** Newest first, as every list is. The first is done, the others idle. */
const roomIds: string[] = [];
const workflowIds: string[] = [];
const others = { room: '', workflow: '' };
let busyRoom = '';

beforeAll(async () => {
  database = await createTestDatabase();
  for (let n = 1; n <= 25; n += 1)
    roomIds.unshift(await insertRoom(database.db, OWNER, n === 25 ? { status: 'done' } : {}));
  busyRoom = roomIds[3] ?? '';
  for (let n = 1; n <= 5; n += 1) {
    workflowIds.unshift(await insertWorkflow(database.db, { viewerId: OWNER, roomId: busyRoom }));
  }
  others.room = await insertRoom(database.db, 'bob');
  others.workflow = await insertWorkflow(database.db, { viewerId: 'bob', roomId: others.room });
  owner = contextOf(database.db, OWNER);
});
afterAll(() => database.drop());

/** How to query each list with arguments, and where its page is in the response. */
const LISTS = {
  'rooms of a viewer': {
    ids: () => roomIds,
    page: async (args: string) =>
      (await dataOf<{ viewer: { rooms: Page } }>(owner, `{ viewer { rooms${args} ${FIELDS} } }`)).viewer.rooms,
    refusal: (args: string) => errorOf(owner, `{ viewer { rooms${args} ${FIELDS} } }`),
    otherLists: () => [encodeCursor('room', 'bob', roomIds[0] ?? ''), encodeCursor('reward', OWNER, roomIds[0] ?? '')],
    forged: () => [encodeCursor('room', OWNER, randomUUID()), encodeCursor('room', OWNER, others.room)],
  },
  'workflows of a room': {
    ids: () => workflowIds,
    page: async (args: string) =>
      (await dataOf<{ room: { workflows: Page } }>(owner, `{ room(id: "${busyRoom}") { workflows${args} ${FIELDS} } }`))
        .room.workflows,
    refusal: (args: string) => errorOf(owner, `{ room(id: "${busyRoom}") { workflows${args} ${FIELDS} } }`),
    otherLists: () => [
      encodeCursor('workflow', roomIds[0] ?? '', workflowIds[0] ?? ''),
      encodeCursor('room', busyRoom, workflowIds[0] ?? ''),
    ],
    forged: () => [
      encodeCursor('workflow', busyRoom, randomUUID()),
      encodeCursor('workflow', busyRoom, others.workflow),
    ],
  },
  'rewards of a viewer': {
    ids: async () => {
      const rows = await database.db.query.rewards.findMany({
        where: (row, { eq }) => eq(row.viewerId, OWNER),
        orderBy: (row, { desc }) => desc(row.id),
      });
      return rows.map(({ id }) => id);
    },
    page: async (args: string) =>
      (await dataOf<{ viewer: { rewards: Page } }>(owner, `{ viewer { rewards${args} ${FIELDS} } }`)).viewer.rewards,
    refusal: (args: string) => errorOf(owner, `{ viewer { rewards${args} ${FIELDS} } }`),
    otherLists: () => [encodeCursor('reward', 'bob', roomIds[0] ?? '')],
    forged: async () => {
      const theirs = await database.db.query.rewards.findFirst({ where: (row, { eq }) => eq(row.viewerId, 'bob') });
      return [encodeCursor('reward', OWNER, randomUUID()), encodeCursor('reward', OWNER, theirs?.id ?? '')];
    },
  },
};

const idsOf = (page: Page) => page.edges.map(({ node }) => node.id);

describe.each(Object.entries(LISTS))('the list of %s', (name, list) => {
  test(`the list of ${name} returns each item once, newest first, page by page`, async () => {
    const ids = await list.ids();
    const seen: string[] = [];
    let after = '';
    for (let isFirst = true, more = true; more; isFirst = false) {
      const page = await list.page(isFirst ? '(first: 2)' : `(first: 2, after: "${after}")`);
      expect(page.pageInfo).toEqual({
        hasPreviousPage: !isFirst,
        hasNextPage: seen.length + page.edges.length < ids.length,
        startCursor: page.edges.at(0)?.cursor,
        endCursor: page.edges.at(-1)?.cursor,
      });
      seen.push(...idsOf(page));
      after = page.pageInfo.endCursor ?? '';
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(ids);
  });

  test(`the page after the last item in the list of ${name} is empty and has a previous page`, async () => {
    const all = await list.page('(first: 100)');
    expect(await list.page(`(after: "${all.pageInfo.endCursor}")`)).toEqual({
      edges: [],
      pageInfo: { hasPreviousPage: true, hasNextPage: false, startCursor: null, endCursor: null },
    });
  });

  test(`the list of ${name} has pages of 20 items by default, and null arguments count as absent`, async () => {
    const ids = await list.ids();
    expect(idsOf(await list.page(''))).toEqual(ids.slice(0, 20));
    expect(idsOf(await list.page('(first: null, after: null)'))).toEqual(ids.slice(0, 20));
    expect(idsOf(await list.page('(first: 100)'))).toEqual(ids);
  });

  test.each(['0', '-1', '101', '2147483647'])(`the list of ${name} refuses first: %s`, async (first) => {
    expect(await list.refusal(`(first: ${first})`)).toEqual({ code: 'INVALID_INPUT', details: { field: 'first' } });
  });

  test(`the list of ${name} refuses a cursor that is empty, malformed, forged or of another list`, async () => {
    const cursor = (await list.page('')).pageInfo.endCursor ?? '';
    const malformed = [
      '',
      ' ',
      'x',
      `${cursor}=`,
      `${cursor}\\n`,
      cursor.slice(0, -1),
      encodeCursor('room', OWNER, 'x'),
    ];
    for (const after of [...malformed, ...list.otherLists(), ...(await list.forged())]) {
      expect(await list.refusal(`(after: "${after}")`), after).toEqual({
        code: 'INVALID_INPUT',
        details: { field: 'after' },
      });
    }
  });
});

describe('the list of rooms with a status', () => {
  const page = async (args: string) =>
    (await dataOf<{ viewer: { rooms: Page } }>(owner, `{ viewer { rooms${args} ${FIELDS} } }`)).viewer.rooms;

  test('only rooms with the given status are listed', async () => {
    expect(idsOf(await page('(status: DONE)'))).toEqual(roomIds.slice(0, 1));
    expect(idsOf(await page('(status: RUNNING)'))).toEqual([]);
    expect(idsOf(await page('(status: null)'))).toEqual(roomIds.slice(0, 20));
  });

  test('a page of rooms with a status has a previous page only if an earlier room has that status', async () => {
    const first = (await page('(first: 1)')).pageInfo.endCursor;
    expect((await page(`(status: IDLE, after: "${first}")`)).pageInfo.hasPreviousPage).toBe(false);
    expect((await page(`(status: DONE, after: "${first}")`)).pageInfo.hasPreviousPage).toBe(true);
  });
});

describe('empty lists', () => {
  test('an empty list has one empty page', async () => {
    const nobody = contextOf(database.db, 'nobody');
    const empty = {
      edges: [],
      pageInfo: { hasPreviousPage: false, hasNextPage: false, startCursor: null, endCursor: null },
    };
    expect(await dataOf(nobody, `{ viewer { rooms ${FIELDS} rewards ${FIELDS} tokenBalance } }`)).toEqual({
      viewer: { rooms: empty, rewards: empty, tokenBalance: 0 },
    });
    expect(
      await dataOf(owner, `{ room(id: "${roomIds[0]}") { workflows ${FIELDS} logs ${FIELDS} latestWorkflow { id } } }`),
    ).toEqual({
      room: { workflows: empty, logs: empty, latestWorkflow: null },
    });
  });
});
