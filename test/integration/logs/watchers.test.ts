import { Redis } from 'ioredis';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { appendLines } from '../../../src/db/append-lines.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createHub } from '../../../src/logs/hub.ts';
import { createPublishLines } from '../../../src/logs/publish-lines.ts';
import { readLines } from '../../../src/logs/read-lines.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import { insertQueuedWorkflow, insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { openRedisPubSub } from '../../support/redis/redis-pubsub.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let redis: TestRedis;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis({ own: true })]);
});
afterAll(() => Promise.all([database.drop(), redis.stop()]));

const overRedis = () => openRedisPubSub(redis.url);

/** What one process needs to watch a log and to write it. */
function openProcess(pubsub: PubSub, pollMs: number, { db } = database) {
  const logs = createLogReader(db);
  const hub = createHub({ logs, pubsub: pubsub, pollMs, onError: () => undefined });
  onTestFinished(() => hub.close());
  const publish = createPublishLines(pubsub.publish);
  return {
    hub,
    async write(room: { roomId: string; workflowId: string }, messages: readonly string[]): Promise<void> {
      const lines = messages.map(
        (message) => ({ agentType: 'story', level: 'info', message, metadata: { message } }) as const,
      );
      publish(await appendLines(db.$client, room, lines));
    },
    read: (roomId: string, after: number) =>
      readLines({ hub, logs }, { roomId, after, upTo: Number.POSITIVE_INFINITY, workflowOfRemoved: () => 'removed' }),
  };
}

async function newRoom({ db } = database) {
  const viewerId = 'mary';
  const roomId = await insertRoom(db, viewerId);
  return { roomId, workflowId: await insertQueuedWorkflow(db, { viewerId, roomId }) };
}

/** Watches up to line `last`. Leaves after every `linesPerVisit` lines and comes back with the last `seq` it saw. */
async function watch(process: ReturnType<typeof openProcess>, roomId: string, last: number, linesPerVisit = last) {
  const seen: LogLine[] = [];
  while (seen.length < last) {
    let left = linesPerVisit;
    const before = seen.length;
    for await (const line of process.read(roomId, seen.at(-1)?.seq ?? 0)) {
      seen.push(line);
      if (--left === 0 || seen.length === last) break;
    }
    // The test has failed and its hub is closed. Without this the loop would never end.
    if (seen.length === before) throw new Error('the log ended');
  }
  return seen;
}

async function storedLines(roomId: string, { db } = database): Promise<LogLine[]> {
  return createLogReader(db).readAfter(roomId, 0, 10_000);
}

const NEVER_MS = 1_000_000;

describe.each([
  ['in-process pub/sub', createInProcessPubSub],
  ['Redis pub/sub', overRedis],
])('watchers with %s', (_where, createPubSub) => {
  test('watchers see the same lines live as in Postgres, without waiting for a poll', async () => {
    const process = openProcess(createPubSub(), NEVER_MS);
    const room = await newRoom();
    const lines = process.read(room.roomId, 0);
    const first = lines.next();
    await process.write(room, ['one']);
    const seen = [(await first).value];
    for (const message of ['two', 'three']) {
      const next = lines.next();
      await process.write(room, [message]);
      seen.push((await next).value);
    }
    await lines.return?.();
    expect(seen).toEqual(await storedLines(room.roomId));
    expect(process.hub.stats()).toEqual({ feeds: 0, watchers: 0 });
  });

  test('watchers that connect and disconnect see every line that several processes write at once', async () => {
    const pubsub = createPubSub();
    const processes = [openProcess(pubsub, 50), openProcess(pubsub, 50)] as const;
    const room = await newRoom();
    const watchers = [7, 30, 100, 400].flatMap((linesPerVisit) =>
      processes.map((process) => watch(process, room.roomId, 400, linesPerVisit)),
    );
    await Promise.all(
      processes.map(async (process, index) => {
        for (let batch = 0; batch < 40; batch++) {
          await process.write(
            room,
            Array.from({ length: 5 }, (_, n) => `${index}: ${batch}.${n}`),
          );
        }
      }),
    );
    const all = await storedLines(room.roomId);
    expect(all).toHaveLength(400);
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(all);
  });
});

describe('watchers during outages', () => {
  test('watchers in another process lose no line when Redis is killed three times', async () => {
    const [writer, reader] = [openProcess(overRedis(), 50), openProcess(overRedis(), 50)];
    const room = await newRoom();
    const watchers = [...Array.from({ length: 5 }, () => 600), 50, 90].map((linesPerVisit) =>
      watch(reader, room.roomId, 600, linesPerVisit),
    );
    const writing = (async () => {
      for (let batch = 0; batch < 200; batch++) await writer.write(room, [`${batch}`, 'and', 'more']);
    })();
    for (let kill = 0; kill < 3; kill++) await redis.restart();
    await writing;
    const all = await storedLines(room.roomId);
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(all);
  });

  test('watchers get lines from Postgres while Redis is unavailable, including those written meanwhile', async () => {
    const process = openProcess(overRedis(), 20);
    const room = await newRoom();
    const before = watch(process, room.roomId, 4);
    await process.write(room, ['one', 'two']);
    await redis.stop();
    await process.write(room, ['three']);
    const during = watch(process, room.roomId, 4);
    await process.write(room, ['four']);
    const all = await storedLines(room.roomId);
    expect([await before, await during]).toEqual([all, all]);
    await redis.start();
  });

  test('watchers catch up without a poll as soon as Redis is back', async () => {
    const process = openProcess(overRedis(), NEVER_MS);
    const room = await newRoom();
    const lines = process.read(room.roomId, 0);
    const first = lines.next();
    await process.write(room, ['one']);
    await first;
    const second = lines.next();
    await redis.stop();
    await process.write(room, ['two']);
    await redis.start();
    expect((await second).value.message).toBe('two');
    await lines.return?.();
  });

  test('watchers lose no line when every connection to Postgres is cut while they read', async () => {
    const own = await createTestDatabase();
    onTestFinished(() => own.drop());
    const admin = postgres(own.url, { max: 1 });
    onTestFinished(() => admin.end());
    const process = openProcess(createInProcessPubSub(), 20, own);
    const room = await newRoom(own);
    for (let batch = 0; batch < 30; batch++) {
      await process.write(
        room,
        Array.from({ length: 100 }, (_, n) => `${batch}.${n}`),
      );
    }
    const all = await storedLines(room.roomId, own);
    const watchers = Array.from({ length: 10 }, () => watch(process, room.roomId, 3_000));
    const others = admin`select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await admin`select pg_terminate_backend(pid) from (${others}) as others`;
    for (const seen of await Promise.all(watchers)) expect(seen).toEqual(all);
  });

  test('watchers of many rooms leave no channel behind when they unsubscribe', async () => {
    const pubsub = overRedis();
    const process = openProcess(pubsub, 20);
    const rooms = await Promise.all(Array.from({ length: 20 }, () => newRoom()));
    for (let round = 0; round < 10; round++) {
      const readers = rooms.map(({ roomId }) => process.read(roomId, 0));
      const waiting = readers.map((reader) => reader.next());
      for (const reader of readers) await reader.return?.();
      for (const { done } of await Promise.all(waiting)) expect(done).toBe(true);
    }
    expect(process.hub.stats()).toEqual({ feeds: 0, watchers: 0 });
    const admin = new Redis(redis.url);
    onTestFinished(() => admin.disconnect());
    await waitFor('the channels to go', async () => {
      const channels = (await admin.pubsub('CHANNELS', 'room:*')) as string[];
      return channels.length === 0;
    });
  });
});
