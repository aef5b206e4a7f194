import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { beforeEach, describe, expect, test } from 'vitest';
import { openWebSocket } from '../../../support/clients/raw-websocket.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  return server.close;
});

/** Sends bytes on a new connection and returns everything that comes back until it is closed. */
async function exchange(bytes: string | Buffer): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const warnings = () => server.logged.filter(({ level }) => level === 'warn').map(({ message }) => message);
const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', 'latin1');

describe('protocols other than HTTP/1', () => {
  test.each([
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^A client speaks HTTP\/2 to this port/],
    ['the PROXY protocol', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', /^A proxy sends the PROXY protocol.*send-proxy\)/],
    ['version 2 of the PROXY protocol', V2_SIGNATURE, /^A proxy sends the PROXY protocol.*send-proxy-v2\)/],
  ])('%s is refused with one sentence, which is logged once', async (_what, bytes, sentence) => {
    for (let time = 1; time <= 2; time += 1) {
      const [head, body] = (await exchange(bytes)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\nConnection: close\r\n/);
      expect(JSON.parse(body ?? '')).toEqual({
        errors: [{ message: expect.stringMatching(sentence), extensions: { code: 'BAD_REQUEST' } }],
      });
    }
    expect(warnings()).toEqual([expect.stringMatching(sentence)]);
  });

  test('TLS on the port of plain HTTP is logged once', async () => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    const sentence =
      'A client speaks TLS to this port, which speaks plain HTTP: use http://, or a proxy that terminates TLS.';
    await waitFor('the warning', () => warnings().includes(sentence));
  });

  test('bytes that are no HTTP at all are refused without repeating them, and not logged', async () => {
    const answer = await exchange('\x00\xff\x1b[31m boo\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('The request is not valid HTTP/1.1.');
    expect(answer).not.toContain('boo');
    expect(server.logged).toEqual([]);
  });

  test('headers that are too large are refused with 431', async () => {
    const answer = await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain('The headers are larger than 16 KiB.');
  });

  test('an HTTP/1.0 client gets a stream that ends with its connection', async () => {
    const query = encodeURIComponent('subscription { countTo(last: 2) }');
    const answer = await exchange(
      `GET /graphql?query=${query} HTTP/1.0\r\nAccept: text/event-stream\r\nHost: localhost\r\n\r\n`,
    );
    expect(answer).toContain('Connection: close');
    expect(answer).not.toContain('chunked');
    expect(answer).toMatch(/event: complete\ndata:\n\n$/);
  });
});

const UNSUPPORTED = 'This API speaks graphql-transport-ws over WebSocket: use the client package graphql-ws.';

describe('WebSocket protocols other than graphql-transport-ws', () => {
  test('a client of subscriptions-transport-ws is refused in its own protocol, and its operations fail with the reason', async () => {
    const socket = await openWebSocket(server.endpoint, 'graphql-ws');
    await socket.next({ type: 'connection_error' });
    socket.send({ type: 'connection_init', payload: {} });
    socket.send({ type: 'start', id: '1', payload: { query: 'subscription { countTo(last: 1) }' } });
    expect(await socket.next({ type: 'error' })).toEqual({ type: 'error', id: '1', payload: { message: UNSUPPORTED } });
    expect(await socket.closed).toEqual([4406, UNSUPPORTED]);
    expect(warnings()).toEqual([`A client speaks another WebSocket protocol, and is refused. ${UNSUPPORTED}`]);
  });

  test('a client that offers both protocols is served by graphql-transport-ws', async () => {
    const socket = await openWebSocket(server.endpoint, ['graphql-ws', 'graphql-transport-ws']);
    socket.send({ type: 'connection_init' });
    await socket.next({ type: 'connection_ack' });
    socket.close();
    expect(warnings()).toEqual([]);
  });

  test('a client without a protocol is closed with 4406 and the reason', async () => {
    const socket = await openWebSocket(server.endpoint, []);
    expect(await socket.closed).toEqual([4406, UNSUPPORTED]);
  });
});
