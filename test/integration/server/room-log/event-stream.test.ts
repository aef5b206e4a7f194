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

describe('event streams', () => {
  test('an event stream has each line as AgentLog under its id, first those written before, then new ones', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, ['before'], { level: 'success', metadata: { a: '\n\u2028' } });
    const seen = linesFrom(server.logUrl(room.roomId), { count: 2 });
    await waitFor('the subscription', () => server.hub.stats().watchers === 1);
    await server.write(room, ['live']);
    const [before, live] = await seen;
    expect(before).toEqual({
      id: logCursor(room.roomId, 1),
      seq: 1,
      timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      agentType: 'STORY',
      level: 'SUCCESS',
      message: 'before',
      metadata: { a: '\n\u2028' },
      workflowId: room.workflowId,
    });
    expect(live).toMatchObject({ seq: 2, message: 'live', metadata: null });
    await waitFor('all feeds to close', () => server.hub.stats().feeds === 0);
  });

  test('an event stream begins immediately, sets a retry delay, is not cached, and sends comments as keep-alive', async () => {
    const server = await startRoomLogServer(database, { commentMs: 10 });
    const { roomId } = await server.newRoom();
    const gone = new AbortController();
    const response = await fetch(server.logUrl(roomId), { signal: gone.signal });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toMatch(/no-store.*no-transform/);
    const others: string[] = [];
    const reading = eventsOf(response, (line) => others.push(line)).next();
    await waitFor('comments', () => others.filter((line) => line.startsWith(':')).length > 2);
    expect(others[0]).toMatch(/^retry: 1\d{3}$/);
    gone.abort();
    await expect(reading).rejects.toThrow();
  });

  test('an event stream resumes after the line in Last-Event-ID, or else in `after`', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, numbered(1, 5));
    const url = server.logUrl(room.roomId, `?after=${logCursor(room.roomId, 2)}`);
    expect(messages(await linesFrom(url, { count: 3 }))).toEqual(numbered(3, 5));
    const headers = { 'Last-Event-ID': logCursor(room.roomId, 4) };
    expect(messages(await linesFrom(url, { count: 1, headers }))).toEqual(numbered(5, 5));
  });

  test('twenty clients that keep reconnecting during a burst each get every line once, in order', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    const url = server.logUrl(room.roomId);
    const watch = async (linesEach: number) => {
      const seen = await linesFrom(url, { count: linesEach });
      while (seen.length < 2_000) {
        const headers = { 'Last-Event-ID': seen.at(-1)?.id ?? '' };
        seen.push(...(await linesFrom(url, { count: Math.min(linesEach, 2_000 - seen.length), headers })));
      }
      return messages(seen);
    };
    const watchers = Array.from({ length: 20 }, (_, index) => watch(100 + 70 * index));
    for (let from = 1; from <= 2_000; from += 50) await server.write(room, numbered(from, from + 49));
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(numbered(1, 2_000));
    await waitFor('all feeds to close', () => server.hub.stats().feeds === 0);
  });

  test('an event stream has only the lines that its filter selects', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, ['a'], { agentType: 'code' });
    await server.write(room, ['b'], { agentType: 'code', level: 'warn' });
    await server.write(room, ['c'], { level: 'warn' });
    await server.write(room, ['d'], { level: 'error' });
    const seen = async (query: string) => messages(await linesFrom(server.logUrl(room.roomId, query), { count: 1 }));
    expect(await seen('?levels=WARN&agentTypes=STORY,DEPLOY')).toEqual(['c']);
    expect(await seen('?levels=ERROR')).toEqual(['d']);
    expect(await seen('?levels=')).toEqual(['a']);
  });

  test('the event stream of a workflow ends with an event `end`, and a client that reconnects after it gets 204', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, ['first']);
    const url = server.logUrl(room.roomId, `?workflowId=${room.workflowId}`);
    const events = allEventsOf(await fetch(url));
    const finished = { agentType: 'orchestrator', metadata: { event: 'workflow.finished' } } as const;
    await server.write(room, ['last'], finished);
    expect((await events).map(({ event, data }) => [event, JSON.parse(data).message])).toEqual([
      ['message', 'first'],
      ['message', 'last'],
      ['end', undefined],
    ]);
    await database.client`
      update workflows set status = 'cancelled', finished_at = now(), log_end_seq = 2 where id = ${room.workflowId}`;
    const again = await fetch(url, { headers: { 'Last-Event-ID': logCursor(room.roomId, 2) } });
    expect([again.status, await again.text()]).toEqual([204, '']);
    expect(messages(await linesFrom(url, { headers: { 'Last-Event-ID': logCursor(room.roomId, 1) } }))).toEqual([
      'last',
    ]);
  });

  test('the event `end` has the id of the last line of the workflow, even if the filter excludes that line', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, ['chosen'], { level: 'warn' });
    await server.write(room, ['last'], { agentType: 'orchestrator', metadata: { event: 'workflow.finished' } });
    await database.client`
      update workflows set status = 'cancelled', finished_at = now(), log_end_seq = 2 where id = ${room.workflowId}`;
    const url = server.logUrl(room.roomId, `?workflowId=${room.workflowId}&levels=WARN`);
    const events = await allEventsOf(await fetch(url));
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['message', logCursor(room.roomId, 1)],
      ['end', logCursor(room.roomId, 2)],
    ]);
    for (const method of ['GET', 'HEAD']) {
      const again = await fetch(url, { method, headers: { 'Last-Event-ID': events.at(-1)?.id ?? '' } });
      expect(again.status).toBe(204);
    }
  });

  test('a closing server ends the event stream of a workflow without `end`, so that clients reconnect', async () => {
    const server = await startRoomLogServer(database);
    const room = await server.newRoom();
    await server.write(room, ['first']);
    const response = await fetch(server.logUrl(room.roomId, `?workflowId=${room.workflowId}`));
    const events = eventsOf(response);
    expect((await events.next()).value?.event).toBe('message');
    const closed = server.close();
    expect((await events.next()).done).toBe(true);
    await closed;
  });
});
