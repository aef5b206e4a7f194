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

/** 8 KB a line, so that no socket buffer holds them. */
const long = (from: number, to: number) => numbered(from, to).map((text) => text.padEnd(8_000, '.'));

/** A client that has its answer and reads nothing of it. */
async function openAndWait(url: string): Promise<IncomingMessage> {
  const [response] = (await once(httpGet(url, { agent: false }), 'response')) as [IncomingMessage];
  return response;
}

describe('the log of a room as NDJSON', () => {
  test('has every line that is written, of all workflows, and ends', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, numbered(1, 1_300));
    const url = server.logUrl(place.roomId, '.ndjson');
    const lines = await ndjsonFrom(url);
    expect(messages(lines)).toEqual(numbered(1, 1_300));
    expect(lines[0]?.id).toBe(logCursor(place.roomId, 1));
    expect(messages(await ndjsonFrom(`${url}?after=${logCursor(place.roomId, 1_298)}`))).toEqual(
      numbered(1_299, 1_300),
    );
    expect(await ndjsonFrom(`${url}?after=${logCursor(place.roomId, 1_300)}`)).toEqual([]);
    expect(await ndjsonFrom(`${url}?workflowId=${place.workflowId}&levels=ERROR`)).toEqual([]);
    expect(server.hub.stats().feeds).toBe(0);
  });

  test('of a room without lines is empty', async () => {
    const server = await startRoomLogServer(database);
    const { roomId } = await server.newRoom();
    expect(await ndjsonFrom(server.logUrl(roomId, '.ndjson'))).toEqual([]);
  });

  test('is whole also when the server closes meanwhile', async () => {
    const server = await startRoomLogServer(database, { closeGraceMs: 60_000 });
    const place = await server.newRoom();
    await server.write(place, long(1, 1_000));
    const response = await openAndWait(server.logUrl(place.roomId, '.ndjson'));
    const closed = server.close();
    expect(String(await buffer(response)).split('\n').length).toBe(1_001);
    await closed;
  });
});

describe.each(['', '.ndjson'])('a client that reads nothing of logs%s', (format) => {
  test('makes the server read no more than a page or two of the log for it', async () => {
    const server = await startRoomLogServer(database);
    const [slow, quick] = [await server.newRoom(), await server.newRoom()];
    for (const place of [slow, quick]) {
      for (let from = 1; from < 3_000; from += 500) await server.write(place, long(from, from + 499));
    }
    const response = await openAndWait(server.logUrl(slow.roomId, format));
    // Long enough for the other to have everything.
    expect(await ndjsonFrom(server.logUrl(quick.roomId, '.ndjson'))).toHaveLength(3_000);
    expect(server.pages(quick.roomId)).toBeGreaterThanOrEqual(6);
    expect(server.pages(slow.roomId)).toBeLessThanOrEqual(3);
    response.destroy();
    await waitFor('nothing left behind', () => server.hub.stats().feeds === 0);
  });

  test('is cut after a while', async () => {
    const server = await startRoomLogServer(database, { stuckMs: 50 });
    const place = await server.newRoom();
    await server.write(place, long(1, 2_000));
    const response = await openAndWait(server.logUrl(place.roomId, format));
    await waitFor('the cut', () => server.hub.stats().feeds === 0);
    await expect(buffer(response)).rejects.toThrow('aborted');
  });
});
