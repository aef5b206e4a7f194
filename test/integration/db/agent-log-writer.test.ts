import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createAgentLogWriter } from '../../../src/db/agent-log-writer.ts';
import { connectDb } from '../../../src/db/client.ts';
import { isUnavailable } from '../../../src/db/postgres-errors.ts';
import { logLines } from '../../../src/db/tables.ts';
import type { NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { createRetryWhileUnavailable } from '../../../src/orchestrator/retry-while-unavailable.ts';
import { insertLines, insertQueuedWorkflow, insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const line = (message: string): NewLogLine => ({ agentType: 'story', level: 'info', message, metadata: { message } });

/** A room whose StoryAgent is running, with one line in its log. */
async function runningRoom() {
  const { db } = database;
  const owner = { viewerId: 'mary', roomId: await insertRoom(db, 'mary') };
  const workflowId = await insertQueuedWorkflow(db, owner);
  const workerId = randomUUID();
  await insertLines(db, { roomId: owner.roomId, workflowId }, 1);
  await db.execute(sql`
    update steps set status = 'running', attempt = 1, lease_number = 1, lease_worker_id = ${workerId}, available_at = now()
    where workflow_id = ${workflowId} and agent = 'story'`);
  return { roomId: owner.roomId, lease: { workflowId, agent: 'story', workerId, number: 1 } as const };
}
type Room = Awaited<ReturnType<typeof runningRoom>>;
const runningRooms = (count: number) => Promise.all(Array.from({ length: count }, runningRoom));

/** What was appended to a room's log, and by which transaction. */
async function appended({ roomId }: Room) {
  const columns = { seq: logLines.seq, message: logLines.message, by: sql<string>`xmin::text` };
  const rows = await database.db
    .select(columns)
    .from(logLines)
    .where(eq(logLines.roomId, roomId))
    .orderBy(logLines.seq);
  return rows.slice(1);
}
const messages = async (room: Room) => (await appended(room)).map(({ message }) => message);

describe('appending to several rooms at one time', () => {
  test("lines of several rooms are committed in one transaction, each room's lines in order", async () => {
    const rooms = await runningRooms(3);
    const append = createAgentLogWriter(database.db);
    const write = ({ lease, roomId }: Room, ...lines: NewLogLine[]) => append(lease, roomId, lines, 1);
    const [a, b, c] = rooms as [Room, Room, Room];
    const written = await Promise.all([write(a, line('a1'), line('a2')), write(b, line('b1')), write(c, line('c1'))]);
    expect(written.map((lines) => lines?.map(({ seq, message }) => [seq, message]))).toEqual([
      [
        [2, 'a1'],
        [3, 'a2'],
      ],
      [[2, 'b1']],
      [[2, 'c1']],
    ]);
    const kept = await Promise.all(rooms.map(appended));
    expect(kept.flat().map(({ seq, message }) => [seq, message])).toEqual([
      [2, 'a1'],
      [3, 'a2'],
      [2, 'b1'],
      [2, 'c1'],
    ]);
    expect(new Set(kept.flat().map(({ by }) => by))).toHaveLength(1);
  });

  test('every line is written, in order, whatever the sizes of the batches', async () => {
    const rooms = await runningRooms(12);
    const append = createAgentLogWriter(database.db);
    await Promise.all(
      rooms.map(async ({ lease, roomId }, room) => {
        for (let batch = 0, afterSeq = 1; batch < 40; batch += 1) {
          const lines = Array.from({ length: 1 + ((batch * 7 + room) % 30) }, (_, index) => line(`${batch}.${index}`));
          const written = await append(lease, roomId, lines, afterSeq);
          expect(written?.map(({ message }) => message)).toEqual(lines.map(({ message }) => message));
          afterSeq += lines.length;
          expect(written?.at(-1)?.seq).toBe(afterSeq);
        }
      }),
    );
    for (const [room, kept] of (await Promise.all(rooms.map(appended))).entries()) {
      const expected = Array.from({ length: 40 }, (_, batch) =>
        Array.from({ length: 1 + ((batch * 7 + room) % 30) }, (_, index) => `${batch}.${index}`),
      );
      expect(kept.map(({ message }) => message)).toEqual(expected.flat());
      expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 2));
    }
  });

  test('every line is written once and in order while connections are being cut', async () => {
    const rooms = await runningRooms(10);
    const cut = connectDb(database.url);
    // Connections of its own: those that it cuts must not be among them.
    const admin = postgres(database.url, { max: 1 });
    onTestFinished(async () => void (await Promise.all([cut.close(), admin.end()])));
    const retryWhileUnavailable = createRetryWhileUnavailable(isUnavailable);
    const { signal } = new AbortController();
    const append = createAgentLogWriter(cut.db);
    let cuts = 0;
    let isOver = false;
    const cutting = (async () => {
      // On a slow machine every statement takes longer than the pause, and none would ever succeed.
      while (!isOver && cuts < 40) {
        const [row] = await admin<{ cuts: number }[]>`
          select count(pg_terminate_backend(pid))::int as cuts from pg_stat_activity
          where datname = current_database() and query like '%target as (%' and pid <> pg_backend_pid()`;
        cuts += row?.cuts ?? 0;
        await sleep(30);
      }
    })();
    await Promise.all(
      rooms.map(async ({ lease, roomId }) => {
        for (let batch = 0; batch < 15; batch += 1) {
          const lines = [line(`${batch}`), line(`${batch}`)];
          const written = await retryWhileUnavailable(() => append(lease, roomId, lines, 1 + 2 * batch), signal);
          expect(written?.map(({ seq }) => seq)).toEqual([2 * batch + 2, 2 * batch + 3]);
        }
      }),
    );
    isOver = true;
    await cutting;
    expect(cuts).toBeGreaterThan(0);
    const expected = Array.from({ length: 30 }, (_, index) => `${Math.floor(index / 2)}`);
    for (const room of rooms) expect(await messages(room)).toEqual(expected);
  });
});

describe('an append that has to be left out of a batch', () => {
  test('a worker that lost its lease writes nothing and delays no other room', async () => {
    const [held, lost] = (await runningRooms(2)) as [Room, Room];
    const append = createAgentLogWriter(database.db);
    const late = { ...lost.lease, number: 0 };
    const [written, refused] = await Promise.all([
      append(held.lease, held.roomId, [line('in time')], 1),
      append(late, lost.roomId, [line('too late')], 1),
    ]);
    expect(written).toHaveLength(1);
    expect(refused).toBeNull();
    expect(await messages(lost)).toEqual([]);
  });

  test.each([
    ['step', (room: Room) => sql`select from steps where workflow_id = ${room.lease.workflowId} for update`],
    ['log', (room: Room) => sql`select from room_log_heads where room_id = ${room.roomId} for update`],
  ])('a room whose %s is locked by another transaction delays only its own lines', async (_, lock) => {
    const [free, locked] = (await runningRooms(2)) as [Room, Room];
    const append = createAgentLogWriter(database.db);
    const waiting = await database.db.transaction(async (tx) => {
      await tx.execute(lock(locked));
      const waits = append(locked.lease, locked.roomId, [line('waits')], 1);
      // More of them than there are statements at once.
      for (const seq of [1, 2, 3]) await append(free.lease, free.roomId, [line(`free ${seq}`)], seq);
      expect(await messages(locked)).toEqual([]);
      return { waits };
    });
    expect(await waiting.waits).toHaveLength(1);
    expect(await messages(locked)).toEqual(['waits']);
    expect(await messages(free)).toEqual(['free 1', 'free 2', 'free 3']);
  });

  test('a line that Postgres refuses fails only its own append', async () => {
    const [fine, refused] = (await runningRooms(2)) as [Room, Room];
    const append = createAgentLogWriter(database.db);
    const [written, error] = await Promise.all([
      append(fine.lease, fine.roomId, [line('fine')], 1),
      append(refused.lease, refused.roomId, [line('no\u0000text')], 1).catch((error: unknown) => error),
    ]);
    expect(written).toHaveLength(1);
    expect(error).toBeInstanceOf(Error);
    expect([await messages(fine), await messages(refused)]).toEqual([['fine'], []]);
  });

  test('a batch that is repeated because its answer was lost is written once and delays no other room', async () => {
    const [other, again] = (await runningRooms(2)) as [Room, Room];
    const append = createAgentLogWriter(database.db);
    const saved = await append(again.lease, again.roomId, [line('once')], 1);
    const [written, found] = await Promise.all([
      append(other.lease, other.roomId, [line('other')], 1),
      append(again.lease, again.roomId, [line('once')], 1),
    ]);
    expect(written).toHaveLength(1);
    expect(found).toEqual(saved);
    expect([await messages(other), await messages(again)]).toEqual([['other'], ['once']]);
  });
});
