import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { ndjsonFrom } from '../../../support/clients/room-log-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { numbered, startRoomLogServer } from '../../../support/server/room-log-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const messages = (lines: readonly { message: string }[]) => lines.map(({ message }) => message);

/** Lines of 8 KB, which do not fit into a socket's buffer. */
const long = (from: number, to: number) => numbered(from, to).map((text) => text.padEnd(8_000, '.'));

/** Gets a response and reads nothing of its body. */
async function openWithoutReading(url: string): Promise<IncomingMessage> {
  const [response] = (await once(httpGet(url, { agent: false }), 'response')) as [IncomingMessage];
  return response;
}

describe('the log as NDJSON', () => {
  test('a downloaded log has every line of all workflows, and ends', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, numbered(1, 1_300));
    const url = server.logUrl(room.roomId, '.ndjson');
    const lines = await ndjsonFrom(url);
    expect(messages(lines)).toEqual(numbered(1, 1_300));
    expect(lines[0]?.id).toBe(logCursor(room.roomId, 1));
    expect(messages(await ndjsonFrom(`${url}?after=${logCursor(room.roomId, 1_298)}`))).toEqual(numbered(1_299, 1_300));
    expect(await ndjsonFrom(`${url}?after=${logCursor(room.roomId, 1_300)}`)).toEqual([]);
    expect(await ndjsonFrom(`${url}?workflowId=${room.workflowId}&levels=ERROR`)).toEqual([]);
    expect(server.hub.stats().feeds).toBe(0);
  });

  test('the downloaded log of a room without lines is empty', async () => {
    const server = await startRoomLogServer(database);
    const { roomId } = await server.newRoom();
    expect(await ndjsonFrom(server.logUrl(roomId, '.ndjson'))).toEqual([]);
  });

  test('a download is complete even if the server closes meanwhile', async () => {
    const server = await startRoomLogServer(database, { closeGraceMs: 60_000 });
    const room = await server.newRoom();
    await server.write(room, long(1, 1_000));
    const response = await openWithoutReading(server.logUrl(room.roomId, '.ndjson'));
    const closed = server.close();
    expect(String(await buffer(response)).split('\n').length).toBe(1_001);
    await closed;
  });
});

describe.each(['', '.ndjson'])('slow clients of logs%s', (format) => {
  test(`at logs${format} the server reads at most a few pages of the log for a client that reads nothing`, async () => {
    const server = await startRoomLogServer(database);
    const [slow, quick] = [await server.newRoom(), await server.newRoom()];
    for (const room of [slow, quick]) {
      for (let from = 1; from < 3_000; from += 500) await server.write(room, long(from, from + 499));
    }
    const response = await openWithoutReading(server.logUrl(slow.roomId, format));
    // Takes long enough for the other client to get everything.
    expect(await ndjsonFrom(server.logUrl(quick.roomId, '.ndjson'))).toHaveLength(3_000);
    expect(server.pages(quick.roomId)).toBeGreaterThanOrEqual(6);
    expect(server.pages(slow.roomId)).toBeLessThanOrEqual(3);
    response.destroy();
    await waitFor('all feeds to close', () => server.hub.stats().feeds === 0);
  });

  test(`at logs${format} a client that reads nothing is cut after the stall timeout`, async () => {
    const server = await startRoomLogServer(database, { stallTimeoutMs: 50 });
    const room = await server.newRoom();
    await server.write(room, long(1, 2_000));
    const response = await openWithoutReading(server.logUrl(room.roomId, format));
    await waitFor('the feed to close', () => server.hub.stats().feeds === 0);
    await expect(buffer(response)).rejects.toThrow('aborted');
  });
});
