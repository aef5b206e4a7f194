import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectWs, subscribeSse, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { type ControlledSource, createControlledSource } from '../../../support/server/controlled-source.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';
import { within } from '../../../support/wait-for.ts';

const DOCUMENT = 'subscription { watch }';

let server: TestServer;
let source: ControlledSource<number>;
/** The subscription's resolver was called. */
let requested: PromiseWithResolvers<void>;
/** Lets the resolver return. */
let allowed: PromiseWithResolvers<void>;
beforeAll(async () => {
  const watch = async () => {
    requested.resolve();
    await allowed.promise;
    return source.open();
  };
  server = await startTestServer({}, { watch });
});
beforeEach(() => {
  source = createControlledSource();
  allowed = Promise.withResolvers();
  requested = Promise.withResolvers();
});
afterAll(() => server.close());

const sourceIsClosed = () => within(5_000, 'the source of the subscription to be closed', source.returned);

/** A raw request, whose connection can be cut at any moment. */
const requestSse = (accept = 'text/event-stream') =>
  request(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { headers: { accept }, agent: false })
    .on('error', () => undefined)
    .end();

describe('the source of a subscription', () => {
  test('the source is closed when an SSE client leaves while it waits for an event', async () => {
    allowed.resolve();
    const outgoing = requestSse();
    await source.opened;
    outgoing.destroy();
    await sourceIsClosed();
  });

  test('the source is closed when an SSE client leaves before the subscription begins', async () => {
    const outgoing = requestSse();
    await requested.promise;
    const gone = new Promise((resolve) => outgoing.once('close', resolve));
    outgoing.destroy();
    await gone;
    allowed.resolve();
    await sourceIsClosed();
  });

  test('the source is closed when the client does not accept an event stream', async () => {
    allowed.resolve();
    requestSse('application/json');
    await sourceIsClosed();
  });

  test('the source is closed when an SSE client stops reading', async () => {
    allowed.resolve();
    source.push(1);
    for await (const _answer of subscribeSse(server.endpoint, DOCUMENT)) break;
    await sourceIsClosed();
  });

  test('the source is closed when a WebSocket client completes the subscription', async () => {
    allowed.resolve();
    source.push(1);
    for await (const _answer of subscribeWs(server.endpoint, DOCUMENT)) break;
    await sourceIsClosed();
  });

  test('the source is closed when a WebSocket is lost', async () => {
    allowed.resolve();
    const sockets: WebSocket[] = [];
    const client = connectWs(server.endpoint, { on: { opened: (socket) => void sockets.push(socket as WebSocket) } });
    const answers = client.iterate({ query: DOCUMENT });
    const lost = expect(answers.next()).rejects.toMatchObject({ code: 1006 });
    await source.opened;
    for (const socket of sockets) socket.terminate();
    await lost;
    await sourceIsClosed();
  });

  test('the source is closed when a WebSocket client completes the subscription before it begins', async () => {
    const client = connectWs(server.endpoint, { lazy: false });
    const unsubscribe = client.subscribe(
      { query: DOCUMENT },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
    await requested.promise;
    unsubscribe();
    allowed.resolve();
    await sourceIsClosed();
    await client.dispose();
  });
});

describe('protocol violations', () => {
  const closeCode = async (act: (socket: WebSocket) => void, protocol = 'graphql-transport-ws') => {
    const socket = new WebSocket(server.endpoint.replace('http', 'ws'), protocol);
    socket.on('error', () => undefined).once('open', () => act(socket));
    return new Promise((resolve) => socket.once('close', resolve));
  };

  test.each([
    ['sends a message that is not JSON', 4400, (socket: WebSocket) => socket.send('boo')],
    [
      'subscribes before it is acknowledged',
      4401,
      (socket: WebSocket) => socket.send('{"type":"subscribe","id":"1","payload":{"query":"{hello}"}}'),
    ],
    ['sends a message over 1 MiB', 1009, (socket: WebSocket) => socket.send('x'.repeat(1024 * 1024 + 1))],
  ])('a WebSocket that %s is closed with %i', async (_what, code, act) => {
    expect(await closeCode(act)).toBe(code);
  });

  test('a WebSocket that uses an id twice is closed with 4409', async () => {
    const twice = (socket: WebSocket) => {
      const subscribe = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: DOCUMENT } });
      socket.send('{"type":"connection_init"}');
      socket.once('message', () => {
        socket.send(subscribe);
        socket.send(subscribe);
      });
    };
    expect(await closeCode(twice)).toBe(4409);
  });

  test('the server logs no error when a WebSocket violates the protocol', async () => {
    server.logged.length = 0;
    await closeCode((socket) => socket.send('x'.repeat(1024 * 1024 + 1)));
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('a WebSocket whose peer does not answer pings is cut', async () => {
  await using pinging = await startTestServer({ keepAliveMs: 20 });
  const socket = new WebSocket(pinging.endpoint.replace('http', 'ws'), 'graphql-transport-ws', { autoPong: false });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  expect(await within(5_000, 'the socket to close', closed)).toBe(1006);
});
