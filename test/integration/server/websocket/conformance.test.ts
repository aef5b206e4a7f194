import { setImmediate as nextIteration } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RequestError } from '../../../../src/orchestrator/request-error.ts';
import { MAX_REQUEST_BYTES } from '../../../../src/server/graphql/engine.ts';
import { MAX_OPERATIONS_PER_SOCKET } from '../../../../src/server/limits/socket-limits.ts';
import { openAcknowledgedWebSocket, openWebSocket } from '../../../support/clients/raw-websocket.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** The number of open streams, which send nothing until they are closed. */
let open = 0;
const watch = (): AsyncIterableIterator<number> => {
  const { promise, resolve } = Promise.withResolvers<IteratorResult<number>>();
  open += 1;
  return {
    next: () => promise,
    async return() {
      open -= 1;
      resolve({ done: true, value: undefined });
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(
    {
      identify: async ({ authorization }) => {
        if (authorization === 'no') throw new RequestError('UNAUTHENTICATED', 'No.');
        return { viewerId: 'ada' };
      },
    },
    { watch },
  );
});
afterAll(() => server.close());

const init = { type: 'connection_init' };
const operation = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });
const WATCH = 'subscription { watch }';

describe('close codes', () => {
  test.each<[string, object | string]>([
    ['text that is not JSON', '{'],
    ['JSON that is not a message', '[]'],
    ['a message without a type', { id: '1' }],
    ['a message of an unknown type', { type: 'start', id: '1' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: WATCH } }],
    ['an operation without a query', { type: 'subscribe', id: '1', payload: {} }],
    ['an acknowledgement, which only servers send', { type: 'connection_ack' }],
    ['a result, which only servers send', { type: 'next', id: '1', payload: { data: {} } }],
    ['an error, which only servers send', { type: 'error', id: '1', payload: [{ message: 'x' }] }],
    ['variables that are not an object', { type: 'subscribe', id: '1', payload: { query: WATCH, variables: 'x' } }],
  ])('a WebSocket is closed with 4400 for %s', async (_what, message) => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    socket.send(message);
    expect((await socket.closed)[0]).toBe(4400);
    // Not logged as an error of the server.
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a WebSocket is closed with 4401 for an operation before it is acknowledged', async () => {
    const socket = await openWebSocket(server.endpoint);
    socket.send(operation('1', WATCH));
    expect((await socket.closed)[0]).toBe(4401);
  });

  test('a WebSocket is closed with 4403 and a reason for an invalid token', async () => {
    const socket = await openWebSocket(server.endpoint);
    socket.send({ ...init, payload: { authorization: 'no' } });
    expect(await socket.closed).toEqual([4403, 'No.']);
  });

  test('a WebSocket is closed with 4406 if its client does not speak the protocol', async () => {
    expect((await (await openWebSocket(server.endpoint, [])).closed)[0]).toBe(4406);
  });

  test('a WebSocket is closed with 4408 if its client does not initialize it in time', async () => {
    const socket = await openWebSocket(server.endpoint);
    expect((await socket.closed)[0]).toBe(4408);
  });

  test('a WebSocket is closed with 4409 for an id that is in use', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    socket.send(operation('1', WATCH));
    socket.send(operation('1', '{ hello }'));
    expect((await socket.closed)[0]).toBe(4409);
    await waitFor('its subscription to be closed', () => open === 0);
  });

  test('a WebSocket is closed with 4429 if its client initializes it twice', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    socket.send(init);
    expect((await socket.closed)[0]).toBe(4429);
  });

  test('a WebSocket is closed with 1009 for a frame that is too large', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    socket.send(operation('1', `{ hello } #${'x'.repeat(MAX_REQUEST_BYTES)}`));
    expect((await socket.closed)[0]).toBe(1009);
  });

  test('a WebSocket is closed with 1001 when it is idle, but not while a subscription is open', async () => {
    await using quick = await startTestServer({ idleMs: 300 }, { watch });
    const watching = await openAcknowledgedWebSocket(quick.endpoint);
    watching.send(operation('1', WATCH));
    const idle = await openAcknowledgedWebSocket(quick.endpoint);
    expect(await idle.closed).toEqual([1001, 'Idle: no operation for 0.3 s. Reconnect when needed.']);
    expect(await (await openAcknowledgedWebSocket(quick.endpoint)).closed).toEqual([
      1001,
      'Idle: no operation for 0.3 s. Reconnect when needed.',
    ]);
    watching.send({ type: 'ping' });
    await watching.next({ type: 'pong' });
    watching.send({ type: 'complete', id: '1' });
    expect(await watching.closed).toEqual([1001, 'Idle: no operation for 0.3 s. Reconnect when needed.']);
  });
});

describe('operations', () => {
  test('a ping is answered with its payload, also before the connection is initialized', async () => {
    const socket = await openWebSocket(server.endpoint);
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next({ type: 'pong' })).toEqual({ type: 'pong', payload: { at: 1 } });
    socket.close();
  });

  test('an id can be reused after its operation completed', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    for (let times = 1; times <= 3; times += 1) {
      socket.send(operation('1', '{ hello }'));
      await waitFor('the answer', () => socket.received.filter(({ type }) => type === 'complete').length === times);
    }
    expect(socket.received.filter(({ type }) => type === 'next')).toHaveLength(3);
    socket.close();
  });

  test.each([0, 1, 3])(
    'a client that completes its operations %i event loop iterations later receives nothing more, and leaves nothing open',
    async (iterations) => {
      const socket = await openAcknowledgedWebSocket(server.endpoint);
      for (let n = 0; n < 20; n += 1) {
        socket.send(operation(`${n}`, WATCH));
        for (let count = 0; count < iterations; count += 1) await nextIteration();
        socket.send({ type: 'complete', id: `${n}` });
      }
      socket.send(operation('last', '{ hello }'));
      await socket.next({ type: 'complete', id: 'last' });
      await waitFor('all streams to be closed', () => open === 0);
      expect(socket.received.filter(({ id }) => id !== undefined && id !== 'last')).toEqual([]);
      socket.close();
    },
  );

  test('a client that disconnects while operations start leaves nothing open', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    for (let n = 0; n < 20; n += 1) socket.send(operation(`${n}`, WATCH));
    socket.close();
    await socket.closed;
    await waitFor('all streams to be closed', () => open === 0);
  });

  test('an operation beyond the limit is refused with the limit, and the other operations continue', async () => {
    const socket = await openAcknowledgedWebSocket(server.endpoint);
    for (let n = 0; n <= MAX_OPERATIONS_PER_SOCKET; n += 1) socket.send(operation(`${n}`, WATCH));
    const { payload } = await socket.next({ type: 'error' });
    expect(payload).toMatchObject([
      {
        message: expect.stringMatching(/^At most 500 concurrent operations per WebSocket\./),
        extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
      },
    ]);
    socket.send({ type: 'complete', id: '0' });
    socket.send(operation('again', '{ hello }'));
    await socket.next({ type: 'next', id: 'again' });
    socket.close();
  });
});
