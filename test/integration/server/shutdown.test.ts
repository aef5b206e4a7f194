import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { collect, connectWs, query, subscribeSse } from '../../support/clients/graphql-clients.ts';
import { get, send } from '../../support/clients/raw-http.ts';
import { openAcknowledgedWebSocket } from '../../support/clients/raw-websocket.ts';
import { createControlledSource } from '../../support/server/controlled-source.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { within } from '../../support/wait-for.ts';

const DOCUMENT = 'subscription { watch }';
/** A grace period longer than a test may take: whatever ends, ended by itself. */
const NEVER_MS = 10 * 60_000;
/** A grace period that is soon over. */
const SHORT_MS = 20;
const DEADLINE_MS = 5_000;

const closed = (server: { close(): Promise<void> }) => within(DEADLINE_MS, 'the server to close', server.close());
const returned = (source: { returned: Promise<void> }) =>
  within(DEADLINE_MS, 'the source of the subscription to be closed', source.returned);

describe('within the grace period', () => {
  test('a closing server ends its WebSocket subscriptions, and clients continue on the next server', async () => {
    const sources = [createControlledSource<number>(), createControlledSource<number>()] as const;
    const first = await startTestServer({ closeGraceMs: NEVER_MS }, { watch: () => sources[0].open() });
    const codes: unknown[] = [];
    const client = connectWs(first.endpoint, {
      retryAttempts: 5,
      // The client's own delay between attempts is random and long.
      retryWait: () => new Promise((resolve) => setImmediate(resolve)),
      on: { closed: (event) => codes.push((event as CloseEvent).code) },
    });
    const answers = client.iterate<{ watch: number }>({ query: DOCUMENT });
    const next = answers.next();
    await sources[0].opened;

    const second = startAfter(first.close(), first.port, () => sources[1].open());
    await returned(sources[0]);
    await using _restarted = await second;
    sources[1].push(2);
    expect(await next).toEqual({ done: false, value: { data: { watch: 2 } } });
    expect(codes[0]).toBe(1012);
    await client.dispose();
  });

  test('a closing server ends event streams so that clients see a lost connection', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: NEVER_MS }, { watch: () => source.open() });
    const events = collect(subscribeSse(server.endpoint, DOCUMENT));
    const lost = expect(events).rejects.toThrow('Connection closed while having active streams');
    await source.opened;
    await closed(server);
    await lost;
    await returned(source);
  });

  test('a closing server ends event streams without the event after which a browser does not reconnect', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: NEVER_MS }, { watch: () => source.open() });
    source.push(1);
    const stream = get(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { accept: 'text/event-stream' });
    await source.opened;
    await closed(server);
    expect(String((await stream).body)).not.toContain('complete');
  });

  test('a closing server lets a request in progress finish, and then closes its connection', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const slow = () => {
      asked.resolve();
      return answer.promise;
    };
    const server = await startTestServer({ closeGraceMs: NEVER_MS }, { slow });
    const agent = new Agent({ keepAlive: true });
    const response = send(`${server.endpoint}?query={slow}`, { agent });
    await asked.promise;
    const closing = closed(server);
    answer.resolve('done');
    expect(JSON.parse(String((await response).body))).toEqual({ data: { slow: 'done' } });
    await closing;
    agent.destroy();
  });

  test('a closing server closes idle connections that are kept alive', async () => {
    const server = await startTestServer({ closeGraceMs: NEVER_MS });
    const agent = new Agent({ keepAlive: true });
    await send(`${server.url}/health/live`, { agent });
    await closed(server);
    agent.destroy();
  });

  test('a closed server accepts no connections', async () => {
    const server = await startTestServer();
    await closed(server);
    await expect(query(server.endpoint, '{ hello }')).rejects.toThrow('fetch failed');
  });

  test('a closing server cuts an open connection that asks for a WebSocket', async () => {
    const server = await startTestServer({ closeGraceMs: NEVER_MS });
    const socket = connect(server.port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    // The server knows of the connection once it has answered another that was made after it.
    await get(`${server.url}/health/live`);
    const closing = closed(server);
    const received = buffer(socket);
    socket.write(
      [
        'GET /graphql HTTP/1.1',
        'Host: localhost',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        '\r\n',
      ].join('\r\n'),
    );
    expect(await received).toHaveLength(0);
    await closing;
  });

  test('a server closes once, however often close is called', async () => {
    const server = await startTestServer();
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    const first = server.close();
    expect(server.close()).toBe(first);
    await within(DEADLINE_MS, 'the server to close', first);
    expect(server.close()).toBe(first);
    expect(await socket.closed).toEqual([1012, 'Service restart']);
  });
});

describe('after the grace period', () => {
  test('a closing server cuts a request that outlasts the grace period', async () => {
    const asked = Promise.withResolvers<void>();
    const slow = () => {
      asked.resolve();
      return new Promise<string>(() => undefined);
    };
    const server = await startTestServer({ closeGraceMs: SHORT_MS }, { slow });
    const cut = expect(query(server.endpoint, '{ slow }')).rejects.toThrow('fetch failed');
    await asked.promise;
    await closed(server);
    await cut;
  });

  test('a closing server ends the subscriptions of a WebSocket, and cuts it if it does not answer the close frame', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: SHORT_MS }, { watch: () => source.open() });
    const socket = new WebSocket(server.endpoint.replace('http', 'ws'), 'graphql-transport-ws');
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('message', () => {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: DOCUMENT } }));
    });
    await source.opened;
    socket.pause();
    await closed(server);
    await returned(source);
    socket.terminate();
  });

  test('a closing server cuts an event stream whose client does not read', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: SHORT_MS }, { watch: () => source.open() });
    const outgoing = request(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { agent: false });
    outgoing.on('error', () => undefined).end();
    await source.opened;
    for (let n = 0; n < 100_000; n += 1) source.push(n);
    await closed(server);
    await returned(source);
    outgoing.destroy();
  });

  test('a closing server cuts a connection without a request', async () => {
    const server = await startTestServer({ closeGraceMs: SHORT_MS });
    const socket = connect(server.port, '127.0.0.1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await closed(server);
    await within(DEADLINE_MS, 'the connection to close', gone);
  });
});

async function startAfter(before: Promise<void>, port: number, watch: () => AsyncIterable<number>) {
  await before;
  return startTestServer({ port }, { watch });
}
