import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cursorOfId } from '../../../src/schema/arguments.ts';
import { insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { contextOf, dataOf, errorOf, schema } from '../../support/graphql/execute.ts';

let database: TestDatabase;
let roomId = '';
let workflowId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  roomId = await insertRoom(database.db, 'alice');
  workflowId = await insertWorkflow(database.db, { viewerId: 'alice', roomId });
  await insertLines(database.db, { roomId, workflowId }, 3);
});
afterAll(() => database.drop());

const LIST = '{ edges { node { id } } pageInfo { hasNextPage hasPreviousPage } }';
const NOTHING = { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } };

/** Not a viewer's data: the same for everyone. */
const OF_THE_SERVICE = ['Query.agents'];

/** Every entry point to data, and what a second viewer gets for the first viewer's rows. */
const ENTRY_POINTS: Record<string, { ask: () => string; answer: unknown }> = {
  'Query.room': { ask: () => `room(id: "${roomId}") { id }`, answer: { room: null } },
  'Query.workflow': { ask: () => `workflow(id: "${workflowId}") { id }`, answer: { workflow: null } },
  'Viewer.id': { ask: () => 'viewer { id }', answer: { viewer: { id: 'bob' } } },
  'Viewer.tokenBalance': { ask: () => 'viewer { tokenBalance }', answer: { viewer: { tokenBalance: 0 } } },
  'Viewer.activity': {
    ask: () => 'viewer { activity { running queued oldestQueuedAt } }',
    answer: { viewer: { activity: { running: 0, queued: 0, oldestQueuedAt: null } } },
  },
  'Viewer.rooms': { ask: () => `viewer { rooms ${LIST} }`, answer: { viewer: { rooms: NOTHING } } },
  'Viewer.rewards': { ask: () => `viewer { rewards ${LIST} }`, answer: { viewer: { rewards: NOTHING } } },
};

describe("another viewer's rooms and what belongs to them", () => {
  test.each(Object.entries(ENTRY_POINTS))('%s returns nothing of another viewer', async (_field, { ask, answer }) => {
    expect(await dataOf(contextOf(database.db, 'bob'), `{ ${ask()} }`)).toEqual(answer);
  });

  test('the table of this test has every entry point of the schema', () => {
    const fieldsOf = (name: string) =>
      Object.keys((schema.getType(name) as ReturnType<typeof schema.getQueryType>)?.getFields() ?? {});
    const entryPoints = [
      ...fieldsOf('Query').map((field) => `Query.${field}`),
      ...fieldsOf('Viewer').map((field) => `Viewer.${field}`),
    ];
    expect(['Query.viewer', ...OF_THE_SERVICE, ...Object.keys(ENTRY_POINTS)].toSorted()).toEqual(
      entryPoints.toSorted(),
    );
  });

  test('a cursor of the owner is refused for another viewer', async () => {
    const after = cursorOfId({ kind: 'room', ownerId: 'alice' }, roomId);
    expect(await errorOf(contextOf(database.db, 'bob'), `{ viewer { rooms(after: "${after}") ${LIST} } }`)).toEqual({
      code: 'INVALID_INPUT',
      details: { field: 'after' },
    });
  });

  test.each(['', 'x', '0', '\\u0000', "' or true --"])('the invalid id "%s" counts as not found', async (id) => {
    const answer = await dataOf(
      contextOf(database.db, 'bob'),
      `{ room(id: "${id}") { id } workflow(id: "${id}") { id } }`,
    );
    expect(answer).toEqual({ room: null, workflow: null });
  });
});

describe("a viewer's own room", () => {
  test('the owner sees everything that belongs to a room', async () => {
    const answer = await dataOf(
      contextOf(database.db, 'alice'),
      `query ($room: ID!, $workflow: ID!) {
        viewer { id tokenBalance rewards { edges { node { amount workflowId } } } rooms { edges { node { id } } } }
        room(id: $room) {
          title status error latestWorkflow { id } workflows { edges { node { id } } } logs { edges { node { seq } } }
        }
        workflow(id: $workflow) {
          room { id } status userInput completedAgents failedAgents version startedAt finishedAt retryOf { id }
          deployment { deploymentUrl codeCid completedAt } reward { amount }
          steps {
            agent status result error errorCode nextAttemptAt
            attempts { number durationMs error errorCode httpStatus }
          }
        }
      }`,
      { room: roomId, workflow: workflowId },
    );
    const agents = ['STORY', 'ASSET', 'CODE', 'DEPLOY'];
    expect(answer).toEqual({
      viewer: {
        id: 'alice',
        tokenBalance: 10,
        rewards: { edges: [{ node: { amount: 10, workflowId } }] },
        rooms: { edges: [{ node: { id: roomId } }] },
      },
      room: {
        title: null,
        status: 'IDLE',
        error: null,
        latestWorkflow: { id: workflowId },
        workflows: { edges: [{ node: { id: workflowId } }] },
        logs: { edges: [1, 2, 3].map((seq) => ({ node: { seq } })) },
      },
      workflow: {
        room: { id: roomId },
        status: 'SUCCEEDED',
        userInput: 'a lighthouse',
        completedAgents: agents,
        failedAgents: [],
        version: 1,
        startedAt: '2026-11-22T14:34:00.000Z',
        finishedAt: '2026-11-22T14:34:01.500Z',
        retryOf: null,
        deployment: {
          deploymentUrl: 'http://localhost/deployments/x/',
          codeCid: 'x',
          completedAt: '2026-11-22T14:34:00.000Z',
        },
        reward: { amount: 10 },
        steps: agents.map((agent) => ({
          agent,
          status: 'SUCCEEDED',
          result: { agent: agent.toLowerCase() },
          error: null,
          errorCode: null,
          nextAttemptAt: null,
          attempts: [
            { number: 1, durationMs: 1_500, error: 'status 503', errorCode: 'HTTP_STATUS', httpStatus: 503 },
            { number: 2, durationMs: 1_500, error: null, errorCode: null, httpStatus: null },
          ],
        })),
      },
    });
  });
});
