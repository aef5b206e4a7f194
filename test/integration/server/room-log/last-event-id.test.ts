import { EventSourcePolyfill } from 'event-source-polyfill';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { logCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { get } from '../../../support/clients/raw-http.ts';
import { linesFrom, type SentLine } from '../../../support/clients/room-log-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { startTcpProxy } from '../../../support/network/tcp-proxy.ts';
import { numbered, startRoomLogServer } from '../../../support/server/room-log-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('event-source-polyfill gets each line once, although its connection is cut', async () => {
  const server = await startRoomLogServer(database);
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  const room = await server.newRoom();
  await server.write(room, numbered(1, 5));

  const seen: string[] = [];
  const source = new EventSourcePolyfill(`http://127.0.0.1:${proxy.port}/rooms/${room.roomId}/logs?levels=INFO`);
  onTestFinished(() => source.close());
  source.onmessage = ({ data }) => void seen.push((JSON.parse(data) as SentLine).message);
  await waitFor('the first lines', () => seen.length === 5);
  proxy.cut();
  await server.write(room, numbered(6, 10));
  proxy.restore();
  await waitFor('the missed lines', () => seen.length >= 10);
  await server.write(room, ['line 11']);
  await waitFor('a live line', () => seen.includes('line 11'));
  expect(seen).toEqual(numbered(1, 11));
});

test.each(['lastEventId', 'lastEventID', 'Last-Event-ID', 'last-event-id', 'evs_last_event_id'])(
  'a log resumes after the parameter `%s`, which wins over `after`, as the header wins over it',
  async (name) => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, numbered(1, 5));
    const cursor = (seq: number) => logCursor(room.roomId, seq);
    const firstSeq = async (query: string, headers = {}) =>
      (await linesFrom(server.logUrl(room.roomId, `?${query}`), { count: 1, headers }))[0]?.seq;

    expect(await firstSeq(`${name}=${cursor(2)}`)).toBe(3);
    expect(await firstSeq(`after=${cursor(1)}&${name}=${cursor(2)}`)).toBe(3);
    expect(await firstSeq(`${name}=${cursor(2)}`, { 'Last-Event-ID': cursor(3) })).toBe(4);
    expect(await firstSeq(`${name}=`)).toBe(1);
    const download = await get(server.logUrl(room.roomId, `.ndjson?${name}=${cursor(4)}`));
    expect(JSON.parse(download.body.toString()).seq).toBe(5);

    const refused = await get(server.logUrl(room.roomId, `?${name}=nonsense`));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body.toString()).errors).toEqual([
      { message: `${name}: is not the id of a line of this room.`, extensions: { code: 'INVALID_INPUT', field: name } },
    ]);
  },
);
