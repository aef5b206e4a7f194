import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { RequestError } from '../../../../src/orchestrator/request-error.ts';
import { get, send } from '../../../support/clients/raw-http.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { type RoomLogServer, startRoomLogServer, type TestRoom } from '../../../support/server/room-log-server.ts';
import { DatabaseUnavailable } from '../../../support/server/test-schema.ts';
import { startTestServer } from '../../../support/server/test-server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const errorOf = (body: Buffer) => JSON.parse(String(body)).errors[0];
const FORMATS = ['', '.ndjson'];

async function roomWithThree(): Promise<{ server: RoomLogServer; room: TestRoom }> {
  const server = await startRoomLogServer(database);
  const room = await server.newRoom();
  await server.write(room, ['a', 'b', 'c']);
  return { server, room };
}

describe.each(FORMATS)('requests for logs%s', (format) => {
  const path = `/rooms/:roomId/logs${format}`;

  test.each([
    ['that is not an id', 'tower'],
    ['that is escaped', '%2F'],
    ['of no room', '01890000-0000-7000-8000-000000000000'],
  ])(`${path} is 404 for an id %s`, async (_what, roomId) => {
    const { server } = await roomWithThree();
    const { status, headers, body } = await get(server.logUrl(roomId, format));
    expect(status).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(errorOf(body).extensions.code).toBe('ROOM_NOT_FOUND');
  });

  test(`${path} is 404 for another viewer's room and for another room's workflow`, async () => {
    const { server, room } = await roomWithThree();
    const other = await server.newRoom('mallory');
    const answers = [
      await get(server.logUrl(other.roomId, format)),
      await get(server.logUrl(room.roomId, `${format}?workflowId=${other.workflowId}`)),
    ];
    expect(answers.map(({ status, body }) => [status, errorOf(body).extensions.code])).toEqual([
      [404, 'ROOM_NOT_FOUND'],
      [404, 'WORKFLOW_NOT_FOUND'],
    ]);
  });

  test.each([
    ['after', (_room: TestRoom) => ''],
    ['after', () => 'nonsense'],
    ['after', () => logCursor('01890000-0000-7000-8000-000000000000', 1)],
    ['after', ({ roomId }: TestRoom) => logCursor(roomId, 4)],
    ['after', ({ roomId }: TestRoom) => `${logCursor(roomId, 1)}%00`],
    ['levels', () => 'loud'],
    ['levels', () => 'info'],
    ['agentTypes', () => 'STORY,ME'],
  ])(`${path} is 400 for an invalid parameter "%s", which the error names`, async (field, value) => {
    const { server, room } = await roomWithThree();
    const { status, body } = await get(server.logUrl(room.roomId, `${format}?${field}=${value(room)}`));
    expect([status, errorOf(body).extensions]).toEqual([400, { code: 'INVALID_INPUT', field }]);
    expect(errorOf(body).message).toMatch(new RegExp(`^${field}: `));
  });

  test(`${path} is 400 for an invalid Last-Event-ID, which the error names`, async () => {
    const { server, room } = await roomWithThree();
    const headers = { 'last-event-id': logCursor(room.workflowId, 1) };
    const url = server.logUrl(room.roomId, `${format}?after=${logCursor(room.roomId, 1)}`);
    const { status, body } = await get(url, headers);
    expect([status, errorOf(body)]).toEqual([
      400,
      {
        message: 'Last-Event-ID: is not the id of a line of this room.',
        extensions: { code: 'INVALID_INPUT', field: 'Last-Event-ID' },
      },
    ]);
  });

  test(`${path} is 401 without a valid token, before anything else is checked`, async () => {
    await using server = await startTestServer({
      identify: async () => {
        throw new RequestError('UNAUTHENTICATED', 'Send a token.');
      },
    });
    const { status, headers } = await get(`${server.url}/rooms/x/logs${format}?levels=x`);
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  test(`${path} reads the log as the authenticated viewer`, async () => {
    const asked: string[] = [];
    const agentLogs = async (viewerId: string) => {
      asked.push(viewerId);
      throw new RequestError('ROOM_NOT_FOUND', 'Room not found.');
    };
    await using server = await startTestServer({
      logs: { agentLogs, agentLogsSoFar: agentLogs, lastLineId: agentLogs },
      identify: async ({ authorization }) => ({ viewerId: String(authorization) }),
    });
    await get(`${server.url}/rooms/x/logs${format}`, { authorization: 'Bearer mary' });
    expect(asked).toEqual(['Bearer mary']);
  });

  test(`${path} answers HEAD with the headers only, OPTIONS with the methods, and refuses other methods`, async () => {
    const { server, room } = await roomWithThree();
    const url = server.logUrl(room.roomId, format);
    const head = await send(url, { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers).toMatchObject({
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect((await send(server.logUrl('tower', format), { method: 'HEAD' })).status).toBe(404);
    const options = await send(url, { method: 'OPTIONS' });
    expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers, body } = await send(url, { method });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
      expect(errorOf(body).extensions.code).toBe('METHOD_NOT_ALLOWED');
    }
    expect(server.hub.stats().feeds).toBe(0);
  });

  test(`${path} is subject to the host and origin rules of /graphql`, async () => {
    const { server, room } = await roomWithThree();
    const url = server.logUrl(room.roomId, format);
    const evil = await get(url, { Origin: 'https://evil.example' });
    expect([evil.status, errorOf(evil.body).extensions.code]).toEqual([403, 'FORBIDDEN_ORIGIN']);
    const rebound = await get(url, { Host: 'evil.example' });
    expect([rebound.status, errorOf(rebound.body).extensions.code]).toEqual([403, 'FORBIDDEN_HOST']);
    const page = { Origin: 'http://localhost:5173' };
    const good = await send(url, { method: 'HEAD', headers: page });
    expect(good.headers).toMatchObject({ 'access-control-allow-origin': page.Origin, vary: 'Origin' });
    const asked = { ...page, 'Access-Control-Request-Headers': 'authorization' };
    expect((await send(url, { method: 'OPTIONS', headers: asked })).headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'authorization',
    });
  });
});

describe('logs while the database is unavailable', () => {
  const unavailable = async (): Promise<never> => {
    throw new DatabaseUnavailable('connect ECONNREFUSED');
  };
  const logs = { agentLogs: unavailable, agentLogsSoFar: unavailable, lastLineId: unavailable };

  test('while the database is unavailable an EventSource gets a stream that makes it reconnect', async () => {
    await using server = await startTestServer({ logs });
    const { status, headers, body } = await get(`${server.url}/rooms/x/logs`, { accept: 'text/event-stream' });
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(String(body)).toMatch(/^retry: \d+\n\n: The service cannot reach its database/);
  });

  test.each(FORMATS)('while the database is unavailable other clients of logs%s get 503', async (format) => {
    await using server = await startTestServer({ logs });
    const { status, headers, body } = await get(`${server.url}/rooms/x/logs${format}`);
    expect([status, headers['retry-after'], errorOf(body).extensions.code]).toEqual([503, '2', 'SERVICE_UNAVAILABLE']);
  });
});

test.each(['/rooms', '/rooms/', '/rooms/x', '/rooms/x/logs/', '/rooms//logs', '/rooms/x/logs.json', '/rooms/a/b/logs'])(
  'the path %s is 404',
  async (path) => {
    await using server = await startTestServer();
    const { status, body } = await get(server.url + path);
    expect([status, errorOf(body).extensions.code]).toEqual([404, 'NOT_FOUND']);
  },
);
