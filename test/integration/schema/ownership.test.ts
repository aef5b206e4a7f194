import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GraphQLArgument, type GraphQLInputField, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import { allOutput } from '../../../src/orchestrator/domain/output-position.ts';
import {
  collect,
  type GraphQLAnswer,
  query,
  subscribeSse,
  subscribeWs,
} from '../../support/clients/graphql-clients.ts';
import { insertLines, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { schema } from '../../support/graphql/execute.ts';
import { fieldNames, namesIn, selectEverything } from '../../support/graphql/select-everything.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { bearer, SECRET, tokenOf } from '../../support/server/tokens.ts';

type Ids = { room: string; workflow: string; cursor: string };

let database: TestDatabase;
let app: TestApp;
let ada: Ids;
let bob: Ids;
const headers: Record<string, { authorization: string }> = {};

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET, RATE_LIMIT_STARTS_PER_MINUTE: '0' });
  const own = async (viewerId: string): Promise<Ids> => {
    headers[viewerId] = bearer(await tokenOf(viewerId));
    const room = await insertRoom(database.db, viewerId);
    const workflow = await insertWorkflow(database.db, { viewerId, roomId: room });
    await insertLines(database.db, { roomId: room, workflowId: workflow }, 3);
    return { room, workflow, cursor: logCursor(room, 1) };
  };
  ada = await own('ada');
  bob = await own('bob');
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

/** The id of output of this workflow's story. */
const outputIdOf = (workflowId: string) => {
  const text = { attempt: 1, call: 1, isEnded: true, texts: new Map([['output', 'a lamp']]) };
  return allOutput({ workflowId, agent: 'story' }, text)[0]?.id;
};

/** Each argument of each operation that takes an id, filled in by somebody who does not own what it identifies. */
const OPERATIONS: Record<string, (ids: Ids) => string> = {
  'Query.room(id)': ({ room }) => `query { room(id: "${room}") $ }`,
  'Query.workflow(id)': ({ workflow }) => `query { workflow(id: "${workflow}") $ }`,
  'Mutation.startWorkflow(input.roomId)': ({ room }) =>
    `mutation { startWorkflow(input: { roomId: "${room}", userInput: "x" }) $ }`,
  'Mutation.cancelWorkflow(id)': ({ workflow }) => `mutation { cancelWorkflow(id: "${workflow}") $ }`,
  'Mutation.retryWorkflow(id)': ({ workflow }) => `mutation { retryWorkflow(id: "${workflow}", from: STORY) $ }`,
  'Mutation.createRoomToken(roomId)': ({ room }) => `mutation { createRoomToken(roomId: "${room}") $ }`,
  'Subscription.agentLogs(roomId)': ({ room }) => `subscription { agentLogs(roomId: "${room}") $ }`,
  'Subscription.agentLogs(workflowId)': ({ workflow }) =>
    `subscription { agentLogs(roomId: "${bob.room}", workflowId: "${workflow}") $ }`,
  'Subscription.agentLogs(after)': ({ cursor }) =>
    `subscription { agentLogs(roomId: "${bob.room}", after: "${cursor}") $ }`,
  'Subscription.deploymentCompleted(roomId)': ({ room }) => `subscription { deploymentCompleted(roomId: "${room}") $ }`,
  'Subscription.deploymentCompleted(workflowId)': ({ workflow }) =>
    `subscription { deploymentCompleted(roomId: "${bob.room}", workflowId: "${workflow}") $ }`,
  'Subscription.stepOutput(workflowId)': ({ workflow }) =>
    `subscription { stepOutput(workflowId: "${workflow}", step: "story") $ }`,
  'Subscription.stepOutput(after)': ({ workflow }) =>
    `subscription { stepOutput(workflowId: "${bob.workflow}", step: "story", after: "${outputIdOf(workflow)}") $ }`,
  'Subscription.workflowUpdated(workflowId)': ({ workflow }) =>
    `subscription { workflowUpdated(workflowId: "${workflow}") $ }`,
};

/** Operations without ids, which return only what belongs to the caller. */
const WITHOUT_IDS: Record<string, string> = {
  'Query.viewer': 'query { viewer $ }',
  'Query.agents': 'query { agents $ }',
  'Mutation.createRoom': 'mutation { createRoom $ }',
};

const ROOTS = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((root) => !!root);

/** The id arguments in an argument: itself or, in an input object, its fields. */
function namedBy({ name, type }: GraphQLArgument | GraphQLInputField): string[] {
  const inner = getNamedType(type);
  if (isInputObjectType(inner)) {
    return Object.values(inner.getFields()).flatMap((field) => namedBy(field).map((path) => `${name}.${path}`));
  }
  return inner.name === 'ID' ? [name] : [];
}

function documentOf(way: string, text: string): string {
  const [root = '', field = ''] = way.split(/[.(]/);
  const type = ROOTS.find(({ name }) => name === root)?.getFields()[field]?.type;
  if (type === undefined) throw new Error(`the schema has no ${way}`);
  return text.replace('$', selectEverything(type));
}

/** Longer than any first answer takes. A subscription that should have been refused but is silent gives no answer. */
const SILENT_MS = 20_000;

async function firstOf(answers: AsyncIterable<GraphQLAnswer<unknown>>): Promise<GraphQLAnswer<unknown>> {
  const first = collect(answers, 1);
  // It may end with the service, when nobody waits for it any more.
  first.catch(() => {});
  const silence = new AbortController();
  const silent = sleep(SILENT_MS, null, { signal: silence.signal, ref: false });
  const answer = await Promise.race([first, silent]).finally(() => silence.abort());
  if (answer === null)
    throw new Error('neither refused nor answered: the subscription was accepted and waits for events');
  return answer[0] ?? {};
}

async function ask(document: string, viewer: string): Promise<GraphQLAnswer<unknown>> {
  if (!document.startsWith('subscription')) return query(app.endpoint, document, {}, headers[viewer]);
  return firstOf(subscribeSse(app.endpoint, document, {}, headers[viewer]));
}

test('the tables of this test cover every operation and every id argument', () => {
  const found = ROOTS.flatMap((root) =>
    Object.values(root.getFields()).flatMap((field) => {
      const named = field.args.flatMap(namedBy);
      return named.length === 0
        ? [`${root.name}.${field.name}`]
        : named.map((path) => `${root.name}.${field.name}(${path})`);
    }),
  );
  expect([...Object.keys(OPERATIONS), ...Object.keys(WITHOUT_IDS)].toSorted()).toEqual(found.toSorted());
});

describe.each(Object.entries(OPERATIONS))('%s', (way, textOf) => {
  const missing = (): Ids => {
    const room = randomUUID();
    return { room, workflow: randomUUID(), cursor: logCursor(room, 1) };
  };
  const document = (ids: Ids) => documentOf(way, textOf(ids));
  /** Without the ids, which the sender knows. */
  const without = (answer: unknown, { room, workflow, cursor }: Ids) =>
    JSON.stringify(answer).replaceAll(room, '·').replaceAll(workflow, '·').replaceAll(cursor, '·');

  test(`someone else’s id in ${way} is answered like one that does not exist`, async () => {
    const nothing = missing();
    const answer = without(await ask(document(ada), 'bob'), ada);
    expect(answer).toBe(without(await ask(document(nothing), 'bob'), nothing));
    expect(answer).toMatch(/NOT_FOUND|INVALID_INPUT|"(room|workflow)":null/);
  });

  test(`someone else’s id in ${way} is answered over WebSocket like one that does not exist`, async () => {
    const over = async (ids: Ids) => {
      const options = { connectionParams: headers['bob'] ?? {} };
      const answer = await firstOf(subscribeWs(app.endpoint, document(ids), {}, options)).catch((refusal: unknown) => {
        if (refusal instanceof Error) throw refusal;
        return refusal;
      });
      return without(answer, ids);
    };
    expect(await over(ada)).toBe(await over(missing()));
  });
});

test('no field of the schema shows anything that belongs to another viewer', async () => {
  const roots = {
    ...WITHOUT_IDS,
    ...Object.fromEntries(Object.entries(OPERATIONS).map(([way, text]) => [way, text(bob)])),
  };
  const answers = await Promise.all(Object.entries(roots).map(([way, text]) => ask(documentOf(way, text), 'bob')));
  const shown = JSON.stringify(answers);
  expect(shown).not.toContain(ada.room);
  expect(shown).not.toContain(ada.workflow);
  expect(shown).not.toContain('"ada"');
  // Every field of every type was among what was shown: a new field has to be, or this test fails.
  const seen = namesIn(answers);
  expect(fieldNames(schema).filter((name) => !seen.has(name))).toEqual([]);
});

describe('HTTP endpoints', () => {
  test.each(['logs', 'logs.ndjson'])(
    '/rooms/…/%s of another viewer is answered like one that does not exist',
    async (path) => {
      const read = async (room: string) => {
        const answer = await fetch(`${app.url}/rooms/${room}/${path}`, {
          headers: headers['bob'] ?? {},
          signal: AbortSignal.timeout(SILENT_MS),
        });
        return `${answer.status} ${answer.headers.get('content-type')} ${await answer.text()}`;
      };
      const refused = await read(ada.room);
      expect(refused).toMatch(/^404 /);
      expect(refused).toBe(await read(randomUUID()));
      expect((await fetch(`${app.url}/rooms/${ada.room}/${path}`)).status).toBe(401);
    },
  );
});

test('an idempotency key that another viewer has used starts a new workflow', async () => {
  const start = (viewer: string) =>
    query(
      app.endpoint,
      'mutation { startWorkflow(input: { userInput: "x", idempotencyKey: "same" }) { replayed workflow { id } } }',
      {},
      headers[viewer],
    );
  const [first, second] = [await start('ada'), await start('bob')];
  expect([first.data, second.data]).toMatchObject([
    { startWorkflow: { replayed: false } },
    { startWorkflow: { replayed: false } },
  ]);
  expect(JSON.stringify(first)).not.toBe(JSON.stringify(second));
});
