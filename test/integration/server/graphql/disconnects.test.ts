import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectWs, subscribeSse, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { type ControlledSource, createControlledSource } from '../../../support/server/controlled-source.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

const DOCUMENT = 'subscription { watch }';

let server: TestServer;
let source: ControlledSource<number>;
/** What the subscription waits for before it begins. */
let allowed: PromiseWithResolvers<void>;
let asked: PromiseWithResolvers<void>;
beforeAll(async () => {
  const watch = async () => {
    asked.resolve();
    await allowed.promise;
    return source.open();
  };
  server = await startTestServer({}, { watch });
});
beforeEach(() => {
  source = createControlledSource();
  allowed = Promise.withResolvers();
  asked = Promise.withResolvers();
});
afterAll(() => server.close());

/** Asks by itself, so that the connection can be cut at any moment. */
const askForSse = (accept = 'text/event-stream') =>
  request(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { headers: { accept }, agent: false })
    .on('error', () => undefined)
    .end();

describe('the source of a subscription is closed', () => {
  test('when an SSE client leaves while it waits for an event', async () => {
    allowed.resolve();
    const outgoing = askForSse();
    await source.opened;
    outgoing.destroy();
    await source.returned;
  });

  test('when an SSE client leaves before the subscription has begun', async () => {
    const outgoing = askForSse();
    await asked.promise;
    const gone = new Promise((resolve) => outgoing.once('close', resolve));
    outgoing.destroy();
    await gone;
    allowed.resolve();
    await source.returned;
  });

  test('when a client accepts no event stream', async () => {
    allowed.resolve();
    askForSse('application/json');
    await source.returned;
  });

  test('when an SSE client has read what it wanted', async () => {
    allowed.resolve();
    source.push(1);
    for await (const _answer of subscribeSse(server.endpoint, DOCUMENT)) break;
    await source.returned;
  });

  test('when a WebSocket client completes it', async () => {
    allowed.resolve();
    source.push(1);
    for await (const _answer of subscribeWs(server.endpoint, DOCUMENT)) break;
    await source.returned;
  });

  test('when a WebSocket is lost', async () => {
    allowed.resolve();
    const sockets: WebSocket[] = [];
    const client = connectWs(server.endpoint, { on: { opened: (socket) => void sockets.push(socket as WebSocket) } });
    const answers = client.iterate({ query: DOCUMENT });
    const lost = expect(answers.next()).rejects.toMatchObject({ code: 1006 });
    await source.opened;
    for (const socket of sockets) socket.terminate();
    await lost;
    await source.returned;
  });

  test('when a WebSocket client completes it before it has begun', async () => {
    const client = connectWs(server.endpoint, { lazy: false });
    const leave = client.subscribe(
      { query: DOCUMENT },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
    await asked.promise;
    leave();
    allowed.resolve();
    await source.returned;
    await client.dispose();
  });
});

describe('a WebSocket that breaks the protocol', () => {
  const closeCode = async (act: (socket: WebSocket) => void, protocol = 'graphql-transport-ws') => {
    const socket = new WebSocket(server.endpoint.replace('http', 'ws'), protocol);
    socket.on('error', () => undefined).once('open', () => act(socket));
    return new Promise((resolve) => socket.once('close', resolve));
  };

  test.each([
    ['sends no JSON', 4400, (socket: WebSocket) => socket.send('boo')],
    [
      'subscribes before it is let in',
      4401,
      (socket: WebSocket) => socket.send('{"type":"subscribe","id":"1","payload":{"query":"{hello}"}}'),
    ],
    ['sends a message over 1 MiB', 1009, (socket: WebSocket) => socket.send('x'.repeat(1024 * 1024 + 1))],
  ])('that %s is closed with %i', async (_what, code, act) => {
    expect(await closeCode(act)).toBe(code);
  });

  test('that uses an id twice is closed with 4409', async () => {
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

  test('is told so by its code alone: the server goes on and logs no error', async () => {
    server.logged.length = 0;
    await closeCode((socket) => socket.send('x'.repeat(1024 * 1024 + 1)));
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a WebSocket whose peer answers no ping', () => {
  test('is cut', async () => {
    await using impatient = await startTestServer({ keepAliveMs: 20 });
    const socket = new WebSocket(impatient.endpoint.replace('http', 'ws'), 'graphql-transport-ws', { autoPong: false });
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1006);
  });
});
