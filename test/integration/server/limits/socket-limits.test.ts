import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openAcknowledgedWebSocket } from '../../../support/clients/raw-websocket.ts';
import { insertRoom } from '../../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { startApp, type TestApp } from '../../../support/server/test-app.ts';
import { startTestServer } from '../../../support/server/test-server.ts';
import { bearer, SECRET, tokenOf } from '../../../support/server/tokens.ts';
import { waitFor } from '../../../support/wait-for.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET, MAX_SOCKETS_PER_VIEWER: '2' };
  app = await startApp({ ...env, TRUSTED_PROXIES: '1' });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const from = (address: string) => ({ 'x-forwarded-for': address });

describe('WebSockets per address', () => {
  const sockets: WebSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });

  /** Opens a socket that sends nothing, so that its viewer is unknown. */
  async function open(address: string): Promise<{ socket: WebSocket; closed: Promise<string> }> {
    const socket = new WebSocket(app.endpoint.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: from(address),
    });
    sockets.push(socket);
    const closed = once(socket, 'close').then(([code, reason]) => `${code} ${reason}`);
    await once(socket, 'open');
    return { socket, closed };
  }

  /** Opens a socket and authenticates. Returns the type of the first message, or the close code and reason. */
  async function connectAs(address: string, viewer: string): Promise<string> {
    const { socket, closed } = await open(address);
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(await tokenOf(viewer)) }));
    return Promise.race([once(socket, 'message').then(([data]) => JSON.parse(String(data)).type), closed]);
  }

  test('an address may open ten times as many WebSockets as a viewer, authenticated or not', async () => {
    const silent = await Promise.all(Array.from({ length: 10 }, () => open('203.0.113.1')));
    const authenticated = Array.from({ length: 10 }, (_, n) => connectAs('203.0.113.1', `viewer-${n}`));
    expect(new Set(await Promise.all(authenticated))).toEqual(new Set(['connection_ack']));
    const refusal = '1013 At most 20 WebSockets per address. Run several operations over one connection.';
    expect(await (await open('203.0.113.1')).closed).toBe(refusal);
    expect(await connectAs('203.0.113.1', 'one-more')).toBe(refusal);
    expect(await connectAs('203.0.113.2', 'one-more')).toBe('connection_ack');
    silent[0]?.socket.terminate();
    await waitFor('a free permit', async () => (await connectAs('203.0.113.1', 'one-more')) === 'connection_ack');
  });
});

describe('event streams per viewer', () => {
  const watch = (room: string) => encodeURIComponent(`subscription { agentLogs(roomId: "${room}") { seq } }`);

  test.each([
    ['event streams of the log', 'ada', (room: string) => `${app.url}/rooms/${room}/logs`],
    ['event streams of GraphQL', 'bob', (room: string) => `${app.endpoint}?query=${watch(room)}`],
  ])('a viewer may open two %s, and closing one frees its permit', async (_which, viewer, addressOf) => {
    const address = addressOf(await insertRoom(database.db, viewer));
    const headers = { ...bearer(await tokenOf(viewer)), accept: 'text/event-stream' };
    const streams: AbortController[] = [];
    const open = async () => {
      const stream = new AbortController();
      streams.push(stream);
      return fetch(address, { headers, signal: stream.signal });
    };
    expect([(await open()).status, (await open()).status]).toEqual([200, 200]);
    const refused = await open();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.text()).toMatch(/At most 2 event streams and downloads per viewer\. .*RATE_LIMITED/);
    streams[0]?.abort();
    await waitFor('a free permit', async () => (await open()).status === 200);
    for (const stream of streams) stream.abort();
  });
});

test('connections beyond the limit of an address are refused with 429, and silent ones count', async () => {
  const own = await createTestDatabase();
  // The limit is 30 per address: 10 times the viewer's, for each of 3 kinds of connection.
  const direct = await startApp({ DATABASE_URL: own.url, AUTH_JWT_SECRET: SECRET, MAX_SOCKETS_PER_VIEWER: '1' });
  const { port } = new URL(direct.url);
  const sockets: Socket[] = [];
  const open = async () => {
    const socket = connect(Number(port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  for (let n = 0; n < 30; n += 1) await open();
  const [answer] = await once(await open(), 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 429 [\s\S]+At most 30 connections per address\. [\s\S]+RATE_LIMITED/);
  sockets[0]?.destroy();
  await waitFor('a free permit', () =>
    fetch(`${direct.url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  for (const socket of sockets) socket.destroy();
  await direct.close();
  await own.drop();
});

test('an idle WebSocket is closed after ten minutes by default', async () => {
  await using server = await startTestServer();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    vi.advanceTimersByTime(10 * 60_000 - 1);
    socket.send({ type: 'ping' });
    await socket.next({ type: 'pong' });
    vi.advanceTimersByTime(1);
    expect(await socket.closed).toEqual([1001, 'Idle: no operation for 600 s. Reconnect when needed.']);
  } finally {
    vi.useRealTimers();
  }
});
