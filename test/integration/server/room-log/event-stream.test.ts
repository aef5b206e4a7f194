import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logCursor } from '../../../../src/orchestrator/domain/cursor.ts';
import { allEventsOf, eventsOf, linesFrom } from '../../../support/clients/room-log-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { numbered, startRoomLogServer } from '../../../support/server/room-log-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const messages = (lines: readonly { message: string }[]) => lines.map(({ message }) => message);

describe('the event stream of a room', () => {
  test('has each line as AgentLog under its id, what was written first, then each as it is written', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, ['before'], { level: 'success', metadata: { a: '\n\u2028' } });
    const seen = linesFrom(server.logUrl(place.roomId), { count: 2 });
    await waitFor('the watcher', () => server.hub.stats().watchers === 1);
    await server.write(place, ['live']);
    const [before, live] = await seen;
    expect(before).toEqual({
      ...{ id: logCursor(place.roomId, 1), seq: 1, timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
      ...{ agentType: 'STORY', level: 'SUCCESS', message: 'before', metadata: { a: '\n\u2028' } },
      workflowId: place.workflowId,
    });
    expect(live).toMatchObject({ seq: 2, message: 'live', metadata: null });
    await waitFor('nothing left behind', () => server.hub.stats().feeds === 0);
  });

  test('begins at once, says when to come back, is not stored, and shows by comments that it lives', async () => {
    const server = await startRoomLogServer(database, { commentMs: 10 });
    const { roomId } = await server.newRoom();
    const gone = new AbortController();
    const response = await fetch(server.logUrl(roomId), { signal: gone.signal });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const others: string[] = [];
    const reading = eventsOf(response, (line) => others.push(line)).next();
    await waitFor('comments', () => others.filter((line) => line.startsWith(':')).length > 2);
    expect(others[0]).toMatch(/^retry: 1\d{3}$/);
    gone.abort();
    await expect(reading).rejects.toThrow();
  });

  test('goes on after the line that Last-Event-ID names, or else `after`', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, numbered(1, 5));
    const url = server.logUrl(place.roomId, `?after=${logCursor(place.roomId, 2)}`);
    expect(messages(await linesFrom(url, { count: 3 }))).toEqual(numbered(3, 5));
    const headers = { 'Last-Event-ID': logCursor(place.roomId, 4) };
    expect(messages(await linesFrom(url, { count: 1, headers }))).toEqual(numbered(5, 5));
  });

  test('is the same for twenty who leave and come back all the time while a burst is written', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    const url = server.logUrl(place.roomId);
    const watch = async (patience: number) => {
      const seen = await linesFrom(url, { count: patience });
      while (seen.length < 2_000) {
        const headers = { 'Last-Event-ID': seen.at(-1)?.id ?? '' };
        seen.push(...(await linesFrom(url, { count: Math.min(patience, 2_000 - seen.length), headers })));
      }
      return messages(seen);
    };
    const watchers = Array.from({ length: 20 }, (_, index) => watch(100 + 70 * index));
    for (let from = 1; from <= 2_000; from += 50) await server.write(place, numbered(from, from + 49));
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(numbered(1, 2_000));
    await waitFor('nothing left behind', () => server.hub.stats().feeds === 0);
  });

  test('has only the lines that are asked for', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, ['a'], { agentType: 'code' });
    await server.write(place, ['b'], { agentType: 'code', level: 'warn' });
    await server.write(place, ['c'], { level: 'warn' });
    await server.write(place, ['d'], { level: 'error' });
    const seen = async (query: string) => messages(await linesFrom(server.logUrl(place.roomId, query), { count: 1 }));
    expect(await seen('?levels=WARN&agentTypes=STORY,DEPLOY')).toEqual(['c']);
    expect(await seen('?levels=ERROR')).toEqual(['d']);
    expect(await seen('?levels=')).toEqual(['a']);
  });

  test('of a workflow ends with an event `end`, and who comes back after it is answered 204', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, ['first']);
    const url = server.logUrl(place.roomId, `?workflowId=${place.workflowId}`);
    const events = allEventsOf(await fetch(url));
    const finished = { agentType: 'orchestrator', metadata: { event: 'workflow.finished' } } as const;
    await server.write(place, ['last'], finished);
    expect((await events).map(({ event, data }) => [event, JSON.parse(data).message])).toEqual([
      ['message', 'first'],
      ['message', 'last'],
      ['end', undefined],
    ]);
    await database.client`
      update workflows set status = 'cancelled', finished_at = now(), log_end_seq = 2 where id = ${place.workflowId}`;
    const again = await fetch(url, { headers: { 'Last-Event-ID': logCursor(place.roomId, 2) } });
    expect([again.status, await again.text()]).toEqual([204, '']);
    expect(messages(await linesFrom(url, { headers: { 'Last-Event-ID': logCursor(place.roomId, 1) } }))).toEqual([
      'last',
    ]);
  });

  test('tells with the end of a workflow where it was, also who did not select its last line', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, ['chosen'], { level: 'warn' });
    await server.write(place, ['last'], { agentType: 'orchestrator', metadata: { event: 'workflow.finished' } });
    await database.client`
      update workflows set status = 'cancelled', finished_at = now(), log_end_seq = 2 where id = ${place.workflowId}`;
    const url = server.logUrl(place.roomId, `?workflowId=${place.workflowId}&levels=WARN`);
    const events = await allEventsOf(await fetch(url));
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['message', logCursor(place.roomId, 1)],
      ['end', logCursor(place.roomId, 2)],
    ]);
    for (const method of ['GET', 'HEAD']) {
      const again = await fetch(url, { method, headers: { 'Last-Event-ID': events.at(-1)?.id ?? '' } });
      expect(again.status).toBe(204);
    }
  });

  test('is ended without that event when the server closes, for clients to come back', async () => {
    const server = await startRoomLogServer(database);
    const place = await server.newRoom();
    await server.write(place, ['first']);
    const response = await fetch(server.logUrl(place.roomId, `?workflowId=${place.workflowId}`));
    const events = eventsOf(response);
    expect((await events.next()).value?.event).toBe('message');
    const closed = server.close();
    expect((await events.next()).done).toBe(true);
    await closed;
  });
});
