import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { collect, connectWs, query, subscribeSse } from '../../support/clients/graphql-clients.ts';
import { get, send } from '../../support/clients/raw-http.ts';
import { createControlledSource } from '../../support/server/controlled-source.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const DOCUMENT = 'subscription { watch }';
/** Longer than a test may take: whatever ends, has ended by itself. */
const FOR_EVER_MS = 10 * 60_000;

describe('a server that closes', () => {
  test('sends WebSocket clients to where it runs next, with their subscriptions closed', async () => {
    const sources = [createControlledSource<number>(), createControlledSource<number>()] as const;
    const first = await startTestServer({ closeGraceMs: FOR_EVER_MS }, { watch: () => sources[0].open() });
    const codes: unknown[] = [];
    const client = connectWs(first.endpoint, {
      retryAttempts: 5,
      // The client's own wait between attempts is random and long.
      retryWait: () => new Promise((resolve) => setImmediate(resolve)),
      on: { closed: (event) => codes.push((event as CloseEvent).code) },
    });
    const answers = client.iterate<{ watch: number }>({ query: DOCUMENT });
    const next = answers.next();
    await sources[0].opened;

    const second = startAfter(first.close(), first.port, () => sources[1].open());
    await sources[0].returned;
    await using _restarted = await second;
    sources[1].push(2);
    expect(await next).toEqual({ done: false, value: { data: { watch: 2 } } });
    expect(codes[0]).toBe(1012);
    await client.dispose();
  });

  test('ends event streams in a way that clients take for a lost connection', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: FOR_EVER_MS }, { watch: () => source.open() });
    const events = collect(subscribeSse(server.endpoint, DOCUMENT));
    const lost = expect(events).rejects.toThrow('Connection closed while having active streams');
    await source.opened;
    await server.close();
    await lost;
    await source.returned;
  });

  test('ends event streams without the event that would tell a browser to stay away', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: FOR_EVER_MS }, { watch: () => source.open() });
    source.push(1);
    const stream = get(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { accept: 'text/event-stream' });
    await source.opened;
    await server.close();
    expect(String((await stream).body)).not.toContain('complete');
  });

  test('lets a request under way end, on a connection that is then closed', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const slow = () => {
      asked.resolve();
      return answer.promise;
    };
    const server = await startTestServer({ closeGraceMs: FOR_EVER_MS }, { slow });
    const agent = new Agent({ keepAlive: true });
    const response = send(`${server.endpoint}?query={slow}`, { agent });
    await asked.promise;
    const closed = server.close();
    answer.resolve('done');
    expect(JSON.parse(String((await response).body))).toEqual({ data: { slow: 'done' } });
    await closed;
    agent.destroy();
  });

  test('closes connections that are kept alive for nothing', async () => {
    const server = await startTestServer({ closeGraceMs: FOR_EVER_MS });
    const agent = new Agent({ keepAlive: true });
    await send(`${server.url}/health/live`, { agent });
    await server.close();
    agent.destroy();
  });

  test('takes no more connections', async () => {
    const server = await startTestServer();
    await server.close();
    await expect(query(server.endpoint, '{ hello }')).rejects.toThrow('fetch failed');
  });

  test('cuts a connection that asks for a WebSocket only then', async () => {
    const server = await startTestServer({ closeGraceMs: FOR_EVER_MS });
    const socket = connect(server.port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    // The server knows of the connection once it has answered another that was made after it.
    await get(`${server.url}/health/live`);
    const closed = server.close();
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
    await closed;
  });

  test('closes once, however often it is told to', async () => {
    const server = await startTestServer();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});

describe('after the time allowed, a server that closes', () => {
  test('cuts a request that does not end', async () => {
    const asked = Promise.withResolvers<void>();
    const slow = () => {
      asked.resolve();
      return new Promise<string>(() => undefined);
    };
    const server = await startTestServer({ closeGraceMs: 20 }, { slow });
    const cut = expect(query(server.endpoint, '{ slow }')).rejects.toThrow('fetch failed');
    await asked.promise;
    await server.close();
    await cut;
  });

  test('cuts a WebSocket that does not answer the closing, its subscriptions being closed before', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: 20 }, { watch: () => source.open() });
    const socket = new WebSocket(server.endpoint.replace('http', 'ws'), 'graphql-transport-ws');
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('message', () => {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: DOCUMENT } }));
    });
    await source.opened;
    socket.pause();
    await server.close();
    await source.returned;
    socket.terminate();
  });

  test('cuts an event stream whose client does not read', async () => {
    const source = createControlledSource<number>();
    const server = await startTestServer({ closeGraceMs: 20 }, { watch: () => source.open() });
    const outgoing = request(`${server.endpoint}?query=${encodeURIComponent(DOCUMENT)}`, { agent: false });
    outgoing.on('error', () => undefined).end();
    await source.opened;
    for (let n = 0; n < 100_000; n += 1) source.push(n);
    await server.close();
    await source.returned;
    outgoing.destroy();
  });

  test('cuts a connection that has asked for nothing', async () => {
    const server = await startTestServer({ closeGraceMs: 20 });
    const socket = connect(server.port, '127.0.0.1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await server.close();
    await gone;
  });
});

async function startAfter(before: Promise<void>, port: number, watch: () => AsyncIterable<number>) {
  await before;
  return startTestServer({ port }, { watch });
}
