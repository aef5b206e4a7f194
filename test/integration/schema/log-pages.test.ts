import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeCursor, logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { GraphQLContext } from '../../../src/schema/context.ts';
import { AT, insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { contextOf, dataOf, errorOf } from '../../support/graphql/execute.ts';

const LINES = 1_200;
const FIELDS = '{ edges { cursor node { id seq } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';

type Page = {
  edges: { cursor: string; node: { id: string; seq: number } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
};

let database: TestDatabase;
let owner: GraphQLContext;
let roomId = '';
let workflowId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  roomId = await insertRoom(database.db, 'alice');
  workflowId = await insertWorkflow(database.db, { viewerId: 'alice', roomId });
  await insertLines(database.db, { roomId, workflowId }, LINES);
  owner = contextOf(database.db, 'alice');
});
afterAll(() => database.drop());

const question = (args: string) => `{ room(id: "${roomId}") { logs${args} ${FIELDS} } }`;

/** The page as `first…last`, with a dash on each side where there is more. */
async function pageOf(args: string): Promise<string> {
  const { edges, pageInfo } = (await dataOf<{ room: { logs: Page } }>(owner, question(args))).room.logs;
  const seqs = edges.map(({ node }) => node.seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  expect(edges.map(({ cursor }) => cursor)).toEqual(edges.map(({ node }) => node.id));
  expect(pageInfo).toMatchObject({ startCursor: edges.at(0)?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null });
  const span = seqs.length > 3 ? `${seqs.at(0)}…${seqs.at(-1)} (${seqs.length})` : seqs.join(' ');
  return `${pageInfo.hasPreviousPage ? '- ' : ''}${span}${pageInfo.hasNextPage ? ' -' : ''}`;
}

const at = (seq: number) => `"${logCursor(roomId, seq)}"`;

describe("a page of a room's log", () => {
  test.each([
    ['is the first 100 lines by default', () => '', '1…100 (100) -'],
    [
      'treats null arguments as absent',
      () => '(first: null, last: null, after: null, before: null, agentTypes: null, levels: null)',
      '1…100 (100) -',
    ],
    ['has at most 1,000 lines', () => '(first: 1000)', '1…1000 (1000) -'],
    ['has at most 1,000 lines from the end, too', () => '(last: 1000)', '- 201…1200 (1000)'],
    ['begins after the line of `after`', () => `(first: 3, after: ${at(3)})`, '- 4 5 6 -'],
    ['ends at the end of the log', () => `(first: 3, after: ${at(1_198)})`, '- 1199 1200'],
    ['is empty after the last line', () => `(after: ${at(LINES)})`, '- '],
    ['is the newest lines, oldest first', () => '(last: 2)', '- 1199 1200'],
    ['ends before the line of `before`', () => `(last: 3, before: ${at(1_198)})`, '- 1195 1196 1197 -'],
    ['begins at the beginning of the log', () => `(last: 3, before: ${at(3)})`, '1 2 -'],
    ['is empty before the first line', () => `(last: 3, before: ${at(1)})`, ' -'],
    ['has the lines between `after` and `before`', () => `(after: ${at(3)}, before: ${at(7)})`, '- 4 5 6 -'],
    ['is the first line of a range', () => `(first: 1, after: ${at(3)}, before: ${at(7)})`, '- 4 -'],
    ['is the last line of a range', () => `(last: 1, after: ${at(3)}, before: ${at(7)})`, '- 6 -'],
    ['begins with line 1 after a cursor of 0', () => `(first: 2, after: ${at(0)})`, '1 2 -'],
    [
      'is the beginning of the range before a line unless `last` is given',
      () => `(first: 2, before: ${at(9)})`,
      '1 2 -',
    ],
  ])("a page of a room's log %s", async (_title, args, expected) => {
    expect(await pageOf(args())).toBe(expected);
  });

  test.each([
    ['one writer', '(first: 2, agentTypes: [STORY])', '7 14 -'],
    ['several writers', '(first: 3, agentTypes: [STORY, ORCHESTRATOR])', '1 2 3 -'],
    ['one level', '(last: 2, levels: [WARN])', '- 1190 1200'],
    ['a writer and a level', '(first: 2, agentTypes: [STORY], levels: [WARN])', '70 140 -'],
    ['a writer without lines', '(agentTypes: [DEPLOY])', ''],
    ['an empty list, which counts as absent', '(first: 2, agentTypes: [], levels: [])', '1 2 -'],
  ])('a filtered page has only lines of %s', async (_whom, args, expected) => {
    expect(await pageOf(args)).toBe(expected);
  });

  test('a filtered page has a next page only if more lines match the filter', async () => {
    expect(await pageOf(`(first: 1, after: ${at(6)}, agentTypes: [STORY])`)).toBe('7 -');
    expect(await pageOf(`(first: 1, after: ${at(7)}, agentTypes: [STORY])`)).toBe('- 14 -');
    expect(await pageOf(`(last: 1, before: ${at(1_200)}, levels: [WARN])`)).toBe('- 1190 -');
    expect(await pageOf(`(last: 1, before: ${at(1_200)}, agentTypes: [STORY])`)).toBe('- 1197');
  });

  test.each([
    ['first', '(first: 0)'],
    ['first', '(first: -1)'],
    ['first', '(first: 1001)'],
    ['last', '(last: 0)'],
    ['last', '(last: 1001)'],
    ['first', '(first: 1, last: 1)'],
    ['after', '(after: "")'],
    ['before', '(before: "")'],
    ['after', '(after: "7")'],
  ])('the error names %s when a page with %s is refused', async (field, args) => {
    expect(await errorOf(owner, question(args))).toEqual({ code: 'INVALID_INPUT', details: { field } });
  });

  test.each(['after', 'before'])('a cursor in `%s` of a line that was never written is refused', async (field) => {
    const refusal = { code: 'INVALID_INPUT', details: { field } };
    for (const seq of [LINES + 1, 2 * LINES, 999_999_999_999_999]) {
      expect(await errorOf(owner, question(`(${field}: ${at(seq)})`)), String(seq)).toEqual(refusal);
    }
    const silent = await insertRoom(database.db, 'alice');
    const text = `{ room(id: "${silent}") { logs(${field}: "${logCursor(silent, 1)}") ${FIELDS} } }`;
    expect(await errorOf(owner, text)).toEqual(refusal);
  });

  test('a cursor of a line that has been removed still works', async () => {
    const shortRoom = await insertRoom(database.db, 'alice');
    const ids = {
      roomId: shortRoom,
      workflowId: await insertWorkflow(database.db, { viewerId: 'alice', roomId: shortRoom }),
    };
    await insertLines(database.db, ids, 5);
    const seqsOf = async (args: string) => {
      const text = `{ room(id: "${shortRoom}") { logs${args} ${FIELDS} } }`;
      const { edges } = (await dataOf<{ room: { logs: Page } }>(owner, text)).room.logs;
      return edges.map(({ node }) => node.seq);
    };
    const cursor = (seq: number) => `"${logCursor(shortRoom, seq)}"`;
    await database.client`delete from log_lines where room_id = ${shortRoom} and seq <= 3`;
    expect(await seqsOf(`(after: ${cursor(2)})`)).toEqual([4, 5]);
    expect(await seqsOf(`(last: 9, before: ${cursor(2)})`)).toEqual([]);
    await database.client`delete from log_lines where room_id = ${shortRoom}`;
    expect(await seqsOf(`(after: ${cursor(5)})`)).toEqual([]);
  });

  test('a cursor of another room, of another list or of no line is refused', async () => {
    const other = await insertRoom(database.db, 'alice');
    const unknown = [
      logCursor(other, 1),
      encodeCursor('workflow', roomId, workflowId),
      encodeCursor('log', roomId, -1),
    ];
    for (const cursor of unknown) {
      const refusal = { code: 'INVALID_INPUT', details: { field: 'before' } };
      expect(await errorOf(owner, question(`(before: "${cursor}")`)), cursor).toEqual(refusal);
    }
  });

  test('a line of a page has all its fields', async () => {
    const fields = 'id seq timestamp agentType level message metadata workflowId';
    const { room } = await dataOf<{ room: { logs: { edges: { node: unknown }[] } } }>(
      owner,
      `{ room(id: "${roomId}") { logs(first: 1) { edges { node { ${fields} } } } } }`,
    );
    expect(room.logs.edges).toEqual([
      {
        node: {
          id: logCursor(roomId, 1),
          seq: 1,
          timestamp: AT.toISOString(),
          agentType: 'ORCHESTRATOR',
          level: 'INFO',
          message: 'line 1',
          metadata: { event: 'workflow.started', nested: [null, 1.5] },
          workflowId,
        },
      },
    ]);
  });
});
