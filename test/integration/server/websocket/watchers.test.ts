import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'drizzle-orm';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { logLines, roomLogHeads } from '../../../../src/db/tables.ts';
import { createInProcessPubSub } from '../../../../src/pubsub/in-process-pubsub.ts';
import { buildSchema } from '../../../../src/schema/index.ts';
import { openRawSubscriber, type RawSubscriber } from '../../../support/clients/raw-websocket.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/databases/test-database.ts';
import { openRedisPubSub } from '../../../support/redis/redis-pubsub.ts';
import { startRedis, type TestRedis } from '../../../support/redis/test-redis.ts';
import {
  createWriter,
  newRoom,
  startWatchServer,
  type WatchServerOptions,
} from '../../../support/server/watch-server.ts';
import { waitFor } from '../../../support/wait-for.ts';

const LOGS = 'subscription ($room: ID!, $after: ID) { agentLogs(roomId: $room, after: $after) { id seq } }';

let database: TestDatabase;
let redis: TestRedis;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis({ own: true })]);
});
afterAll(() => Promise.all([database.drop(), redis.stop()]));

const overRedis = () => openRedisPubSub(redis.url);

async function serve(options: Partial<WatchServerOptions> = {}) {
  const pubsub = options.pubsub ?? createInProcessPubSub();
  const started = await startWatchServer({ database, pubsub, ...options });
  onTestFinished(() => started.server.close());
  return { ...started, writer: createWriter(database, pubsub) };
}

type Line = { id: string; seq: number };
const linesIn = (texts: readonly string[]): Line[] =>
  texts.map((text) => (JSON.parse(text) as { payload: { data: { agentLogs: Line } } }).payload.data.agentLogs);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Watches up to line `last`; its connection is lost after each `patience` lines, and it comes back with the last id. */
async function watch(endpoint: string, room: string, last: number, patience: number): Promise<number[]> {
  const seen: Line[] = [];
  while (seen.length < last) {
    const watcher = await openRawSubscriber(endpoint);
    watcher.subscribe('1', LOGS, { room, after: seen.at(-1)?.id ?? null });
    const enough = Math.min(patience, last - seen.length);
    await waitFor(`${enough} more lines after ${seen.length}`, () => watcher.texts('1').length >= enough);
    watcher.close();
    seen.push(...linesIn(watcher.texts('1')));
  }
  return seen.map(({ seq }) => seq);
}

describe('watchers of a room', () => {
  test('who are cut off at any moment and come back see 2,000 lines once, in order, through three kills of Redis', async () => {
    const pubsub = overRedis();
    const { server, writer } = await serve({ pubsub: overRedis(), pollMs: 200 });
    const outside = createWriter(database, pubsub);
    const place = await newRoom(database);
    const patiences = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 2_000 : 100 + index * 20));
    const watchers = patiences.map((patience) => watch(server.endpoint, place.roomId, 2_000, patience));
    const writing = (async () => {
      for (let batch = 0; batch < 200; batch++) {
        // Half of it comes from another process.
        await (batch % 2 === 0 ? writer : outside).write(
          place,
          Array.from({ length: 10 }, () => ({})),
        );
      }
    })();
    for (let kill = 0; kill < 3; kill++) await redis.restart();
    await writing;
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(upTo(2_000));
  }, 60_000);

  test('have each of its lines worked out once, for as many of them as see it live', async () => {
    const schema = buildSchema();
    const field = schema.getSubscriptionType()?.getFields()['agentLogs'];
    let executions = 0;
    if (field !== undefined) {
      field.resolve = (line) => {
        executions++;
        return line;
      };
    }
    const { server, hub, writer } = await serve({ schema });
    const place = await newRoom(database);
    const watchers = await Promise.all(Array.from({ length: 20 }, () => openRawSubscriber(server.endpoint)));
    for (const { subscribe } of watchers) subscribe('1', LOGS, { room: place.roomId });
    await waitFor('all to be there', () => hub.stats().watchers === 20);
    // Who is live has read that there is nothing yet.
    await writer.write(place, [{}]);
    await waitFor('the first line', () => watchers.every(({ texts }) => texts('1').length === 1));
    executions = 0;
    await writer.write(
      place,
      Array.from({ length: 50 }, () => ({})),
    );
    await waitFor('all lines', () => watchers.every(({ texts }) => texts('1').length === 51));
    expect(executions).toBe(50);
    for (const { close } of watchers) close();
  });
});

describe('a watcher who does not read', () => {
  const LINES = 100_000;
  const LIMIT = 256 * 1024;
  const PADDING = 'x'.repeat(100);

  /** A room with many lines, and a watcher who has asked for all of them and reads none. */
  async function stalled(options: { stuckMs: number }) {
    const sockets: { writableLength: number }[] = [];
    const channel = await import('node:diagnostics_channel');
    const note = (message: unknown) => void sockets.push((message as { socket: { writableLength: number } }).socket);
    channel.subscribe('net.server.socket', note);
    const place = await newRoom(database);
    const { roomId, workflowId } = place;
    await database.db.execute(sql`
      insert into ${logLines} (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select ${roomId}::uuid, n, ${workflowId}::uuid, now(), 'story', 'info', ${PADDING}, null
      from generate_series(1, ${LINES}::int) as n`);
    await database.db.insert(roomLogHeads).values({ roomId, lastSeq: LINES });
    const served = await serve({ server: { bufferBytes: LIMIT, ...options } });
    const watcher = await openRawSubscriber(served.server.endpoint);
    channel.unsubscribe('net.server.socket', note);
    watcher.socket.pause();
    const query = LOGS.replace('seq', 'seq message');
    watcher.subscribe('1', query, { room: roomId });
    const waiting = () => Math.max(...sockets.map(({ writableLength }) => writableLength));
    await waitFor('the socket to be full', () => waiting() > LIMIT / 2);
    return { ...served, watcher, waiting, place };
  }

  test('has a bounded amount waiting, and gets 100,000 lines in order when it reads, whatever is written meanwhile', async () => {
    const { watcher, waiting, place, writer, pages } = await stalled({ stuckMs: 60_000 });
    const before = pages();
    for (let batch = 0; batch < 20; batch++)
      await writer.write(
        place,
        Array.from({ length: 50 }, () => ({})),
      );
    // Nothing was read for it meanwhile, and nothing kept.
    expect(pages()).toBe(before);
    expect(waiting()).toBeLessThan(LIMIT + 4_096);
    let most = 0;
    watcher.socket.resume();
    await waitFor(
      'all lines',
      () => {
        most = Math.max(most, waiting());
        return watcher.texts('1').length >= LINES + 1_000;
      },
      55_000,
    );
    expect(most).toBeLessThan(LIMIT + 4_096);
    expect(linesIn(watcher.texts('1')).map(({ seq }) => seq)).toEqual(upTo(LINES + 1_000));
    watcher.close();
  }, 90_000);

  test('for too long is closed with 4413, and leaves nothing behind', async () => {
    const { watcher, hub, server } = await stalled({ stuckMs: 200 });
    const closed = new Promise((resolve) => watcher.socket.once('close', resolve));
    await waitFor('its subscription to end', () => hub.stats().watchers === 0);
    watcher.socket.resume();
    expect(await closed).toBe(4413);
    expect(server.logged.map(({ message }) => message)).toContain(
      'a WebSocket was closed since its client does not take what it asked for',
    );
  });
});

describe('10,000 subscriptions that are begun and left', () => {
  const heapBytes = () => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return getHeapStatistics().used_heap_size;
  };

  test('leave no channel, no watcher, no listener and no memory behind', async () => {
    const pubsub = overRedis();
    const { server, hub } = await serve({ pubsub });
    const rooms = await Promise.all(Array.from({ length: 20 }, () => newRoom(database)));
    const watcher = await openRawSubscriber(server.endpoint);
    const listeners = () => process.listenerCount('exit') + process.listenerCount('uncaughtException');
    const round = async (first: number) => {
      const ids = Array.from({ length: 500 }, (_, index) => `${first + index}`);
      for (const id of ids) watcher.subscribe(id, LOGS, { room: rooms[Number(id) % rooms.length]?.roomId });
      // Some are left before they have begun, some after.
      if (first % 2_000 === 0) await waitFor('them to be there', () => hub.stats().watchers === ids.length);
      for (const id of ids) watcher.complete(id);
      await afterAllOf(watcher);
      await waitFor('them to be gone', () => hub.stats().watchers === 0);
    };
    for (let first = 0; first < 2_000; first += 500) await round(first);
    const before = { heap: heapBytes(), listeners: listeners() };
    for (let first = 2_000; first < 12_000; first += 500) await round(first);
    expect(hub.stats()).toEqual({ feeds: 0, watchers: 0 });
    expect(listeners()).toBe(before.listeners);
    // Less than 100 bytes for each: what a compiler or a cache may keep, but no subscription.
    expect(heapBytes() - before.heap).toBeLessThan(1_000_000);
    const admin = new Redis(redis.url);
    onTestFinished(() => admin.disconnect());
    await waitFor(
      'the channels to go',
      async () => ((await admin.pubsub('CHANNELS', 'room:*')) as string[]).length === 0,
    );
    watcher.close();
  }, 90_000);

  /** Settles when all that was sent before has been handled, as far as it does not wait for Postgres. */
  async function afterAllOf(watcher: RawSubscriber): Promise<void> {
    const pong = new Promise((resolve) => watcher.socket.once('pong', resolve));
    watcher.socket.ping();
    await pong;
  }
});
