import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectWs, dataOf, query } from '../../support/clients/graphql-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { bearer, SECRET, tokenOf } from '../../support/server/tokens.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let app: TestApp;
let roomId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET });
  const answer = await query<{ createRoom: { id: string } }>(
    app.endpoint,
    'mutation { createRoom { id } }',
    {},
    bearer(await tokenOf('ada')),
  );
  roomId = dataOf(answer).createRoom.id;
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const document = () => `subscription { agentLogs(roomId: "${roomId}") { seq } }`;

describe('an expired token', () => {
  test('a WebSocket is closed with 4403 and a reason when its token expires', async () => {
    const socket = new WebSocket(app.endpoint.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(await tokenOf('ada', 1)) }));
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([4403, 'Token expired']);
  });

  test('a graphql-ws client reconnects by itself with a new token', async () => {
    const lasting: number[] = [1, 3_600];
    let connected = 0;
    const client = connectWs(app.endpoint, {
      retryAttempts: 3,
      retryWait: async () => {},
      connectionParams: async () => bearer(await tokenOf('ada', lasting.shift() ?? 0)),
      on: { connected: () => (connected += 1) },
    });
    const failures: unknown[] = [];
    client.subscribe(
      { query: document() },
      { next: () => {}, error: (error) => failures.push(error), complete: () => {} },
    );
    await waitFor('the second connection', () => connected === 2);
    expect(failures).toEqual([]);
    await client.dispose();
  });

  test.each([
    ['of GraphQL over SSE', () => `${app.endpoint}?query=${encodeURIComponent(document())}`],
    ['of a room’s log', () => `${app.url}/rooms/${roomId}/logs`],
  ])(
    'an event stream %s is cut without completing when its token expires, so that the client reconnects',
    async (_which, address) => {
      const response = await fetch(address(), {
        headers: { ...bearer(await tokenOf('ada', 1)), accept: 'text/event-stream' },
      });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain('event: complete');
    },
  );
});

test('a WebSocket with an expired token is closed with a reason', async () => {
  const socket = new WebSocket(app.endpoint.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(await tokenOf('ada', -60)) }));
  const [code, reason] = await once(socket, 'close');
  expect([code, String(reason)]).toEqual([4403, 'The token has expired; get a new one.']);
});
