import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendLines } from '../../../../src/db/append-lines.ts';
import * as tables from '../../../../src/db/tables.ts';
import { AGENT_NAMES } from '../../../../src/orchestrator/domain/agents.ts';
import { cleanText } from '../../../../src/orchestrator/domain/clean-text.ts';
import { attemptAgent } from '../../../support/agents/attempt-agent.ts';
import { insertRoom, insertWorkflow } from '../../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { startApp, type TestApp } from '../../../support/server/test-app.ts';

/** 1,000 cases of each kind; `npm run test:fuzz` runs 10,000. fast-check prints the seed of a failing case. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);
const TIMEOUT_MS = 60_000 + RUNS * 60;

let database: TestDatabase;
let app: TestApp;
let roomId = '';
let workflowId = '';
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ DATABASE_URL: database.url, LOG_LEVEL: 'warn', ROLE: 'all' });
  roomId = await insertRoom(database.db, 'local');
  workflowId = await insertWorkflow(database.db, { viewerId: 'local', roomId });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

/** Strings that break programs: empty, too long, half characters, names of JavaScript itself, terminal control codes. */
const nasty = fc.constantFrom(
  ...['', ' ', '\u0000', '\ud800', '\udc00x', '__proto__', 'constructor', "'; drop table rooms; --", '\u202egnp.exe'],
  ...['\u001b[2J', '\u0007', '%00', '../../etc/passwd', '<script>', '\\', '"', '👻'.repeat(300), '\ufeff'],
);
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 300 }));
const anything = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant({ ['__proto__']: { polluted: true } }),
);
/** Mostly of the right type, so that it passes the first check. */
const id = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: anything }, fc.uuid());

/** Usually absent, so that the other arguments are checked. */
const count = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.integer({ min: -2, max: 2_000 }), anything);
/** Mostly in the format of a real cursor; of the room, once it exists. */
const cursor = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  fc
    .tuple(fc.constantFrom('log', 'room', 'workflow', 'reward', '__proto__'), fc.oneof(text, fc.uuid()), text)
    .map((parts) => Buffer.from(parts.join('|')).toString('base64url')),
  fc.oneof(fc.nat(), fc.bigInt(), fc.double()).map((seq) => Buffer.from(`log|${roomId}|${seq}`).toString('base64url')),
  fc.oneof(text, anything),
);

const KNOWN_CODES = new Set([
  ...['ROOM_NOT_FOUND', 'WORKFLOW_NOT_FOUND', 'WORKFLOW_ALREADY_RUNNING', 'WORKFLOW_FINISHED', 'NOTHING_TO_RETRY'],
  ...['INVALID_INPUT', 'IDEMPOTENCY_CONFLICT', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'QUERY_TOO_COMPLEX'],
]);

/** Mutations and queries, with their variables. */
const OPERATIONS: [string, fc.Arbitrary<object>][] = [
  [
    'mutation ($input: CreateRoomInput) { createRoom(input: $input) { id title } }',
    fc.record({ input: fc.record({ title: fc.oneof(text, anything) }) }),
  ],
  [
    'mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { userInput } } }',
    fc.record({
      input: fc.record(
        { userInput: fc.oneof(text, anything), roomId: id, idempotencyKey: fc.oneof(text, anything) },
        { requiredKeys: ['userInput'] },
      ),
    }),
  ],
  ['mutation ($id: ID!) { cancelWorkflow(id: $id) { id } }', fc.record({ id })],
  [
    'mutation ($id: ID!, $from: AgentName, $key: String) { retryWorkflow(id: $id, from: $from, idempotencyKey: $key) { replayed } }',
    fc.record({ id, from: fc.oneof(fc.constantFrom('STORY', 'DEPLOY'), anything), key: fc.oneof(text, anything) }),
  ],
  [
    'mutation ($id: ID!, $ttl: Int) { createRoomToken(roomId: $id, ttl: $ttl) { token } }',
    fc.record({ id, ttl: anything }),
  ],
  [
    'query ($id: ID!, $first: Int, $after: String) { room(id: $id) { logs(first: $first, after: $after) { edges { cursor } } } viewer { rooms(first: $first, after: $after) { edges { cursor } } } }',
    fc.record({ id: fc.oneof(id, fc.constant('ROOM')), first: anything, after: fc.oneof(text, anything) }),
  ],
  [
    'query ($first: Int, $last: Int, $after: String, $before: String) { room(id: "ROOM") { logs(first: $first, last: $last, after: $after, before: $before) { edges { cursor } } workflows(first: $first, after: $after) { edges { cursor } } } viewer { rewards(first: $first, after: $after) { edges { cursor } } } }',
    fc.record({ first: count, last: count, after: cursor, before: cursor }),
  ],
];

async function post(body: string): Promise<Response> {
  return fetch(app.endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

describe('requests', () => {
  test.each(OPERATIONS)(
    '%s gets a response, in which every error has a known code or none',
    async (query, variables) => {
      await fc.assert(
        fc.asyncProperty(variables, async (values) => {
          const response = await post(
            JSON.stringify({ query, variables: values }).replace(/\\?"ROOM\\?"/, (found) =>
              found.replace('ROOM', roomId),
            ),
          );
          expect(response.status).toBeLessThan(500);
          const { errors = [] } = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
          for (const { extensions } of errors) {
            // GraphQL's own errors about variables have another code, or none.
            if (extensions?.code !== undefined) expect(KNOWN_CODES).toContain(extensions.code);
          }
        }),
        { numRuns: Math.ceil(RUNS / OPERATIONS.length) },
      );
      // No unexpected error was masked.
      expect(app.log()).not.toContain('unexpected error');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  test(
    'no body or document causes an internal error',
    async () => {
      const body = fc.oneof(
        text,
        fc.json(),
        fc
          .record({ query: fc.oneof(text, anything), variables: anything, operationName: anything })
          .map((value) => JSON.stringify(value)),
      );
      await fc.assert(
        fc.asyncProperty(body, async (sent) => {
          expect((await post(sent)).status).toBeLessThan(500);
        }),
        { numRuns: Math.ceil(RUNS / 4) },
      );
      expect(app.log()).not.toContain('unexpected error');
    },
    TIMEOUT_MS,
  );
});

describe('responses of agents', () => {
  const urls = { story: 'http://a', asset: 'http://a', code: 'http://a', deploy: 'http://a' };
  const fields = fc.dictionary(
    fc.oneof(
      fc.constantFrom('story', 'imageCid', 'code', 'cid', 'success', 'deploymentUrl', 'error', 'retryable', 'metadata'),
      text,
    ),
    fc.oneof(anything, fc.constantFrom(true, false, 'http://x.example/', 'javascript:alert(1)', 'http://a:b@c/')),
  );
  const line = fc.oneof(
    fields.map((result) => JSON.stringify({ result })),
    fc.record({ level: anything, message: anything, metadata: anything }).map((log) => JSON.stringify({ log })),
    anything.map((log) => JSON.stringify({ log })),
    fields.map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '1e400',
      '{"log":{"metadata":{"n":1e400}}}',
      '{"log":"\\u0000\\ud800"}',
      '['.repeat(5_000),
      `{"result":${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`,
    ),
    text,
  );

  test(
    'any response of an agent is a result or a failure, and can be stored',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...AGENT_NAMES),
          fc.constantFrom(200, 200, 200, 204, 301, 429, 500, 503),
          fc.constantFrom('application/json', 'application/x-ndjson', 'text/html', ''),
          fc.array(line, { maxLength: 4 }),
          async (agent, status, contentType, lines) => {
            const answer = async () =>
              new Response(status === 204 ? null : Buffer.from(lines.join('\n')), {
                status,
                headers: { 'content-type': contentType },
              });
            const { outcome, lines: said } = await attemptAgent(urls, { agent, fetch: answer });
            if (outcome.type === 'succeeded') {
              const [kept] = await database.client`select ${JSON.stringify(outcome.result)}::json as result`;
              expect(kept?.['result']).toEqual(JSON.parse(JSON.stringify(outcome.result)));
            } else expect(outcome.failure.message).toBe(outcome.failure.message.toWellFormed());
            const written = said.map((entry) => ({ ...entry, agentType: agent, message: cleanText(entry.message) }));
            await appendLines(database.client, { roomId, workflowId }, written);
          },
        ),
        { numRuns: RUNS },
      );
      const rows = await database.db.select().from(tables.logLines).where(eq(tables.logLines.roomId, roomId));
      // No line of an agent is attributed to another source, or controls a terminal.
      expect(rows.filter(({ agentType }) => agentType === 'orchestrator')).toEqual([]);
      expect(rows.filter(({ message }) => /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(message))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
