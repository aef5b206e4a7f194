import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { codeOf, collect, dataOf, query, subscribeWs } from '../../support/clients/graphql-clients.ts';
import { post } from '../../support/clients/raw-http.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { startRedis } from '../../support/redis/test-redis.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { bearer, SECRET, tokenOf } from '../../support/server/tokens.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({
    DATABASE_URL: database.url,
    AUTH_JWT_SECRET: SECRET,
    TRUSTED_PROXIES: '1',
    RATE_LIMIT_OPERATIONS_PER_MINUTE: '5',
    RATE_LIMIT_STARTS_PER_MINUTE: '2',
    MAX_SOCKETS_PER_VIEWER: '2',
  });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const BODY = JSON.stringify({ query: '{ __typename }' });
/** Headers of a request as a proxy passes it on, from a new address unless one is given. */
const from = (address: string = randomUUID()) => ({ 'x-forwarded-for': `6.6.6.6, ${address}` });
const headersOf = async (viewer: string) => ({ ...bearer(await tokenOf(viewer)), ...from() });

test('operations over the limit are refused over HTTP with 429, Retry-After and a message that names the limit', async () => {
  const answers = [];
  for (let n = 0; n < 6; n += 1) answers.push(await post(app.endpoint, BODY, await headersOf('ada')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  const refused = answers[5];
  const { message, extensions } = JSON.parse(refused?.body.toString() ?? '').errors[0];
  expect(message).toMatch(
    /^Rate limit exceeded: 5 operations per minute per viewer\. Retry in \d+ s\. Subscribe instead of polling/,
  );
  expect(extensions.code).toBe('RATE_LIMITED');
  expect(extensions.retryAfterMs).toBeGreaterThan(0);
  expect(Number(refused?.headers['retry-after'])).toBe(Math.ceil(extensions.retryAfterMs / 1_000));
  // Other viewers are not affected, and the log endpoint counts as well.
  expect((await post(app.endpoint, BODY, await headersOf('bob'))).status).toBe(200);
  expect((await fetch(`${app.url}/rooms/x/logs`, { headers: await headersOf('ada') })).status).toBe(429);
});

test('each operation over WebSocket counts, and a refusal concerns that operation only', async () => {
  const connectionParams = bearer(await tokenOf('carl'));
  const request = () => collect(subscribeWs(app.endpoint, '{ __typename }', {}, { connectionParams }));
  for (let n = 0; n < 5; n += 1) expect(await request()).toHaveLength(1);
  await expect(request()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
});

test('requests with invalid tokens count only against the limit of their address', async () => {
  const guess = (address: string) => post(app.endpoint, BODY, { authorization: 'Bearer x.y.z', ...from(address) });
  const statuses = [];
  for (let n = 0; n < 51; n += 1) statuses.push((await guess('203.0.113.9')).status);
  expect(statuses).toEqual([...Array.from({ length: 50 }, () => 401), 429]);
  expect((await guess('203.0.113.10')).status).toBe(401);
});

test('starts have a separate limit, and several starts in one operation are counted separately', async () => {
  const start = (name: string) => `${name}: startWorkflow(input: { userInput: "x" }) { room { id } }`;
  const document = `mutation { ${['a', 'b', 'c'].map(start).join(' ')} }`;
  const response = await fetch(app.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await headersOf('dora')) },
    body: JSON.stringify({ query: document }),
  });
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  const { errors } = (await response.json()) as { errors: { path: string[]; message: string }[] };
  expect(errors).toMatchObject([{ path: ['c'], message: expect.stringMatching(/2 starts per minute per viewer/) }]);
  const rooms = await query<{ viewer: { rooms: { edges: unknown[] } } }>(
    app.endpoint,
    '{ viewer { rooms { edges { node { id } } } } }',
    {},
    await headersOf('dora'),
  );
  expect(dataOf(rooms).viewer.rooms.edges).toHaveLength(2);
});

test('a viewer has a limited number of WebSockets, and closing one frees its permit', async () => {
  const open = async () => {
    const socket = new WebSocket(app.endpoint.replace('http', 'ws'), 'graphql-transport-ws', { headers: from() });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(await tokenOf('emil')) }));
    const closed = once(socket, 'close').then(([code, reason]) => `${code} ${reason}`);
    const answer = await Promise.race([once(socket, 'message').then(([data]) => String(data)), closed]);
    return { socket, answer };
  };
  const [first] = [await open(), await open()];
  expect((await open()).answer).toMatch(/^1013 At most 2 WebSockets per viewer\./);
  first.socket.close();
  await waitFor('a permit', async () => (await open()).answer.includes('connection_ack'));
});

describe('rate limits of several processes', () => {
  test('processes share their counts in Redis, and each counts separately while Redis is unavailable', async () => {
    const redis = await startRedis();
    const own = await createTestDatabase();
    const env = { DATABASE_URL: own.url, REDIS_URL: redis.url, AUTH_JWT_SECRET: SECRET };
    const [one, other] = await Promise.all([
      startApp({ ...env, RATE_LIMIT_OPERATIONS_PER_MINUTE: '4' }),
      startApp({ ...env, RATE_LIMIT_OPERATIONS_PER_MINUTE: '4' }),
    ]);
    const request = async (which: TestApp) =>
      codeOf(await query(which.endpoint, '{ __typename }', {}, await headersOf('ada')));
    const codes = [];
    for (const which of [one, other, one, other, one, other]) codes.push(await request(which));
    expect(codes).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED', 'RATE_LIMITED']);

    await redis.stop();
    const bob = bearer(await tokenOf('bob'));
    const answers = [];
    for (let n = 0; n < 5; n += 1) answers.push(codeOf(await query(one.endpoint, '{ __typename }', {}, bob)));
    expect(answers).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
    await Promise.all([one.close(), other.close()]);
    await own.drop();
  });
});

test('the viewer `local` has no rate limits', async () => {
  const own = await createTestDatabase();
  const local = await startApp({ DATABASE_URL: own.url });
  const answers = await Promise.all(Array.from({ length: 1_300 }, () => post(local.endpoint, BODY)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await local.close();
  await own.drop();
});
