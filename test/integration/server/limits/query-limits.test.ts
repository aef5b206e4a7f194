import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../src/server/graphql/engine.ts';
import { DOCUMENT_LIMITS } from '../../../../src/server/limits/document-limits.ts';
import {
  codeOf,
  collect,
  type GraphQLAnswer,
  query,
  subscribeSse,
  subscribeWs,
} from '../../../support/clients/graphql-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { startApp, type TestApp } from '../../../support/server/test-app.ts';
import { startTestServer } from '../../../support/server/test-server.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

type Variables = Record<string, unknown>;
type Ask = (document: string, variables?: Variables) => Promise<GraphQLAnswer<unknown>>;

const DOORS: Record<string, Ask> = {
  HTTP: (document, variables) => query(app.endpoint, document, variables),
  async WebSocket(document, variables) {
    try {
      return (await collect(subscribeWs(app.endpoint, document, variables)))[0] ?? {};
    } catch (errors) {
      return { errors: errors as NonNullable<GraphQLAnswer<unknown>['errors']> };
    }
  },
};

const nested = (levels: number) => `{ ${'a { '.repeat(levels - 1)} a ${'} '.repeat(levels - 1)} }`;
const twice = (name: string, next: string) => `fragment ${name} on Room { ${next} ${next} }`;
/** 2 to the power of 30 fields, in a short document. */
const LAUGHS = `{ viewer { rooms { edges { node { ...f0 } } } } } ${Array.from({ length: 30 }, (_, n) =>
  twice(`f${n}`, n === 29 ? 'id' : `...f${n + 1}`),
).join(' ')}`;
const PAGES = `query ($rooms: Int, $workflows: Int) { viewer { rooms(first: $rooms) { edges { node {
  workflows(first: $workflows) { edges { node { steps { attempts { number error } } } } } } } } } }`;

describe.each(Object.entries(DOORS))('over %s', (_door, ask) => {
  test.each<[string, string, RegExp, Variables?]>([
    ['13 levels deep', nested(13), /nested more than 12 levels deep/],
    ['2,000 levels deep', nested(2_000), /more than 2,000 tokens/],
    ['deep in fragments', `{ viewer { ...a } } fragment a on Viewer ${nested(12)}`, /nested more than 12/],
    ['with 31 aliases', `{ ${Array.from({ length: 31 }, (_, n) => `a${n}: __typename`).join(' ')} }`, /30 aliases/],
    ['with 31 directives', `{ ${'... @include(if: true) { __typename } '.repeat(31)} }`, /more than 30 directives/],
    ['for one field 201 times', `{ ${'viewer { id } '.repeat(201)} }`, /asks for `viewer` more than 200 times/],
    [
      'for one field 201 times in fragments',
      `{ ${'...a '.repeat(2)} } ${Array.from({ length: 3 }, (_, n) => `fragment ${'ab'[n] ?? 'c'} on Query { ${'... { viewer { id } } '.repeat(67)} ...${'bca'[n]} }`).join(' ')}`,
      /more than 200 times/,
    ],
    ['of 2,001 tokens', `{ ${'__typename '.repeat(2_000)} }`, /more than 2,000 tokens/],
    [
      'of 100,001 characters',
      `{ __typename } #${'x'.repeat(DOCUMENT_LIMITS.length)}`,
      /longer than 100,000 characters/,
    ],
    ['whose fragments explode', LAUGHS, /too large to be counted/],
    ['for 10,000 workflows', PAGES, /250,000 is the most.*smaller pages/, { rooms: 100, workflows: 100 }],
    ['for 10,000 workflows, by defaults of variables', PAGES.replaceAll(': Int', ': Int = 100'), /250,000 is the most/],
  ])('a query %s is refused, and told the bound and the way on', async (_what, document, message, variables = {}) => {
    const answer = await ask(document, variables);
    expect(answer.data ?? null).toBeNull();
    const refusal = answer.errors?.find(({ extensions }) => extensions?.['code'] === 'QUERY_TOO_COMPLEX');
    expect(refusal?.message).toMatch(message);
    // Of all that may be said of it: never that something unexpected happened.
    expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).not.toContain('INTERNAL_SERVER_ERROR');
  });

  test('what a front-end needs is let through: rooms, their workflows, steps and attempts, in pages as they come', async () => {
    expect((await ask(PAGES)).errors).toBeUndefined();
  });

  test('the longest input can be written into the document', async () => {
    const document = `mutation { startWorkflow(input: { userInput: "${'👻'.repeat(10_000)}" }) { replayed } }`;
    expect(await ask(document)).toEqual({ data: { startWorkflow: { replayed: false } } });
  });

  test.each([
    ['two operations without a name', 'query A { __typename } query B { __typename }'],
    ['no operation', ''],
    ['broken', '{'],
    ['a field that is not there', '{ nothing }'],
  ])('%s: the error has a code', async (_what, document) => {
    expect(codeOf(await ask(document))).toMatch(/^(OPERATION_RESOLUTION_FAILURE|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/);
  });
});

test('introspection by GraphiQL is let through, and endless introspection is not', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  expect((await query(app.endpoint, getIntrospectionQuery())).errors).toBeUndefined();
  const endless = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }';
  expect((await query(app.endpoint, endless)).data ?? null).toBeNull();
});

test('each event of a subscription is limited as well', async () => {
  const document = `subscription { workflowUpdated(workflowId: "x") { room { workflows(first: 100) { edges { node {
    room { logs(first: 1000) { edges { node { message } } } } } } } } } }`;
  expect(codeOf((await collect(subscribeSse(app.endpoint, document)))[0] ?? {})).toBe('QUERY_TOO_COMPLEX');
});

test('a document that was refused is refused again, and one of the length of a book is not kept', async () => {
  for (const _ of [1, 2]) expect(codeOf(await query(app.endpoint, nested(2_000)))).toBe('QUERY_TOO_COMPLEX');
  expect(DOCUMENT_LIMITS.length).toBeLessThan(MAX_REQUEST_BYTES);
});

test('a subscription asked for as JSON is told to ask for an event stream', async () => {
  await using server = await startTestServer({}, { watch: async function* () {} as never });
  const answer = await fetch(`${server.endpoint}?query=${encodeURIComponent('subscription { watch }')}`, {
    headers: { accept: 'application/json' },
  });
  expect(answer.status).toBe(406);
  expect(await answer.json()).toMatchObject({ errors: [{ message: expect.stringContaining('text/event-stream') }] });
});

describe('where introspection is off', () => {
  test.each([
    ['a field', '{ helo }', {}],
    ['an argument', 'mutation { double(off: 1) }', {}],
    ['a variable of a type', 'query ($x: Stringg) { hello }', {}],
  ])('no name is suggested for %s', async (_what, document, variables) => {
    await using server = await startTestServer({ introspection: false });
    const [overHttp] = (await query(server.endpoint, document, variables)).errors ?? [];
    expect(overHttp?.message).toBeTypeOf('string');
    expect(overHttp?.message).not.toMatch(/did you mean/i);
    const overWs = await collect(subscribeWs(server.endpoint, document, variables)).catch((errors: unknown) => errors);
    expect(JSON.stringify(overWs)).not.toMatch(/did you mean/i);
  });

  test('nor in what is found wrong while it is executed', async () => {
    const own = await createTestDatabase();
    const production = await startApp({ DATABASE_URL: own.url, INTROSPECTION: 'off' });
    const answer = await query(
      production.endpoint,
      'mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { replayed } }',
      { input: { userInput: 'x', roomIdd: '1' } },
    );
    expect(answer.errors?.[0]?.message).toMatch(/roomIdd/);
    expect(answer.errors?.[0]?.message).not.toMatch(/did you mean/i);
    await production.close();
    await own.drop();
  });
});
