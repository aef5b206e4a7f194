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
type Execute = (document: string, variables?: Variables) => Promise<GraphQLAnswer<unknown>>;

const TRANSPORTS: Record<string, Execute> = {
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

describe.each(Object.entries(TRANSPORTS))('limits over %s', (transport, execute) => {
  test.each<[string, string, RegExp, Variables?]>([
    ['of 13 levels', nested(13), /at most 12 levels of nesting/],
    ['of 2,000 levels', nested(2_000), /at most 2,000 tokens/],
    ['of 13 levels in fragments', `{ viewer { ...a } } fragment a on Viewer ${nested(12)}`, /at most 12 levels/],
    [
      'with 31 aliases',
      `{ ${Array.from({ length: 31 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
      /at most 30 aliases/,
    ],
    ['with 31 directives', `{ ${'... @include(if: true) { __typename } '.repeat(31)} }`, /at most 30 directives/],
    ['with one field 201 times', `{ ${'viewer { id } '.repeat(201)} }`, /at most 200 selections of `viewer`/],
    [
      'with one field 201 times in fragments',
      `{ ${'...a '.repeat(2)} } ${Array.from({ length: 3 }, (_, n) => `fragment ${'ab'[n] ?? 'c'} on Query { ${'... { viewer { id } } '.repeat(67)} ...${'bca'[n]} }`).join(' ')}`,
      /at most 200 selections/,
    ],
    ['of 2,001 tokens', `{ ${'__typename '.repeat(2_000)} }`, /at most 2,000 tokens/],
    ['of 100,001 characters', `{ __typename } #${'x'.repeat(DOCUMENT_LIMITS.length)}`, /at most 100,000 characters/],
    ['whose fragments expand exponentially', LAUGHS, /fragments expand to more than 20,000 fields/],
    ['for 10,000 workflows', PAGES, /at most 250,000 are allowed.*smaller pages/, { rooms: 100, workflows: 100 }],
    [
      'for 10,000 workflows, by defaults of variables',
      PAGES.replaceAll(': Int', ': Int = 100'),
      /at most 250,000 are allowed/,
    ],
  ])(
    `over ${transport} a query %s is refused with the limit and advice`,
    async (_what, document, message, variables = {}) => {
      const answer = await execute(document, variables);
      expect(answer.data ?? null).toBeNull();
      const refusal = answer.errors?.find(({ extensions }) => extensions?.['code'] === 'QUERY_TOO_COMPLEX');
      expect(refusal?.message).toMatch(message);
      // Further errors are fine, but no internal one.
      expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).not.toContain('INTERNAL_SERVER_ERROR');
    },
  );

  test(`over ${transport} a front-end can query rooms, workflows, steps and attempts in pages of default size`, async () => {
    expect((await execute(PAGES)).errors).toBeUndefined();
  });

  test(`over ${transport} the longest user input fits into the document`, async () => {
    const document = `mutation { startWorkflow(input: { userInput: "${'👻'.repeat(10_000)}" }) { replayed } }`;
    expect(await execute(document)).toEqual({ data: { startWorkflow: { replayed: false } } });
  });

  test.each([
    ['two operations without a name', 'query A { __typename } query B { __typename }'],
    ['no operation', ''],
    ['a syntax error', '{'],
    ['an unknown field', '{ nothing }'],
  ])(`over ${transport} the error for a document with %s has a code`, async (_what, document) => {
    expect(codeOf(await execute(document))).toMatch(
      /^(OPERATION_RESOLUTION_FAILURE|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/,
    );
  });
});

test('the introspection query of GraphiQL is allowed, and endless introspection is not', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  expect((await query(app.endpoint, getIntrospectionQuery())).errors).toBeUndefined();
  const endless = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }';
  expect((await query(app.endpoint, endless)).data ?? null).toBeNull();
});

test('the cost of each event of a subscription is limited', async () => {
  const document = `subscription { workflowUpdated(workflowId: "x") { room { workflows(first: 100) { edges { node {
    room { logs(first: 1000) { edges { node { message } } } } } } } } } }`;
  expect(codeOf((await collect(subscribeSse(app.endpoint, document)))[0] ?? {})).toBe('QUERY_TOO_COMPLEX');
});

test('a refused document is refused again, and the length limit is below that of a request', async () => {
  for (const _ of [1, 2]) expect(codeOf(await query(app.endpoint, nested(2_000)))).toBe('QUERY_TOO_COMPLEX');
  expect(DOCUMENT_LIMITS.length).toBeLessThan(MAX_REQUEST_BYTES);
});

test.each([
  'application/json',
  'multipart/mixed',
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json',
])('the error for a subscription with Accept: %s asks for an event stream', async (accept) => {
  await using server = await startTestServer({}, { watch: async function* (): AsyncGenerator<number> {} });
  const answer = await fetch(`${server.endpoint}?query=${encodeURIComponent('subscription { watch }')}`, {
    headers: { accept },
  });
  expect(answer.status).toBe(406);
  expect(await answer.json()).toMatchObject({ errors: [{ message: expect.stringContaining('text/event-stream') }] });
});

describe('suggestions without introspection', () => {
  test.each([
    ['field', '{ helo }', {}],
    ['argument', 'mutation { double(off: 1) }', {}],
    ['type', 'query ($x: Stringg) { hello }', {}],
  ])('without introspection no name is suggested for a misspelled %s', async (_what, document, variables) => {
    await using server = await startTestServer({ introspection: false });
    const [overHttp] = (await query(server.endpoint, document, variables)).errors ?? [];
    expect(overHttp?.message).toBeTypeOf('string');
    expect(overHttp?.message).not.toMatch(/did you mean/i);
    const overWs = await collect(subscribeWs(server.endpoint, document, variables)).catch((errors: unknown) => errors);
    expect(JSON.stringify(overWs)).not.toMatch(/did you mean/i);
  });

  test('without introspection no name is suggested in errors during execution', async () => {
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
