import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { appendLines } from '../../../src/db/append-lines.ts';
import { createLogReader } from '../../../src/db/log-reader.ts';
import { createLogRetention, removal, roomsFrom } from '../../../src/db/log-retention.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { RetentionLimits } from '../../../src/orchestrator/ports/store.ts';
import { startRetention } from '../../../src/orchestrator/retention.ts';
import { linesFrom, ndjsonFrom, type SentLine } from '../../support/clients/room-log-clients.ts';
import { nodesOf, planOf } from '../../support/databases/query-plans.ts';
import { insertQueuedWorkflow, insertRoom, insertWorkflow } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { startService } from '../../support/processes/service-process.ts';
import { numbered, startRoomLogServer, type TestRoom } from '../../support/server/room-log-server.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A room with this many lines, each a day older than the next; the last was written now. */
async function roomWith(lines: number): Promise<TestRoom> {
  const log = await newRoom();
  await database.client`
    insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message)
    select ${log.roomId}, seq, ${log.workflowId}, now() - (${lines}::int - seq) * interval '1 day', 'story', 'info', 'x'
    from generate_series(1, ${lines}::int) as seq`;
  await database.client`insert into room_log_heads values (${log.roomId}, ${lines})`;
  return log;
}

async function newRoom(): Promise<TestRoom> {
  const roomId = await insertRoom(database.db, 'local');
  return { roomId, workflowId: await insertQueuedWorkflow(database.db, { viewerId: 'local', roomId }) };
}

const only = (limits: Partial<RetentionLimits>): RetentionLimits => ({ days: null, linesPerRoom: null, ...limits });

/** Goes through all rooms once. */
async function removeAll(limits: RetentionLimits): Promise<number[]> {
  const remove = createLogRetention(database.db, limits);
  const batches = [];
  for (let next: string | null = null, begun = false; !begun || next !== null; begun = true) {
    const batch = await remove(next);
    batches.push(batch.removed);
    next = batch.next;
  }
  return batches;
}

const seqs = async ({ roomId }: TestRoom) =>
  (await createLogReader(database.db).readAfter(roomId, 0, 10_000)).map(({ seq }) => seq);
const upTo = (to: number, from = 1) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('removing old lines', () => {
  test('a room keeps its newest lines up to the limit, and its seq continues', async () => {
    const [long, short] = [await roomWith(25), await roomWith(10)];
    await removeAll(only({ linesPerRoom: 10 }));
    expect([await seqs(long), await seqs(short)]).toEqual([upTo(25, 16), upTo(10)]);
    const line = { agentType: 'story', level: 'info', message: 'next', metadata: null } as const;
    expect((await appendLines(database.client, long, [line]))[0]?.seq).toBe(26);
  });

  test('lines older than the limit in days are removed', async () => {
    const log = await roomWith(25);
    await removeAll(only({ days: 7 }));
    expect(await seqs(log)).toEqual(upTo(25, 19));
  });

  test('lines beyond either limit are removed', async () => {
    const [a, b] = [await roomWith(25), await roomWith(25)];
    await removeAll({ days: 7, linesPerRoom: 3 });
    await database.client`update log_lines set timestamp = now() - interval '30 days' where room_id = ${b.roomId}`;
    await removeAll({ days: 7, linesPerRoom: 3 });
    expect([await seqs(a), await seqs(b)]).toEqual([upTo(25, 23), []]);
    expect((await createLogReader(database.db).heads([b.roomId])).get(b.roomId)).toBe(25);
  });

  test('the output of a workflow is removed along with its last line, and that of others stays', async () => {
    const { client, db } = database;
    const roomId = await insertRoom(db, 'local');
    const ends = [10, 20, 30];
    const ids: string[] = [];
    for (const [index, end] of ends.entries()) {
      const id = await insertWorkflow(db, { viewerId: 'local', roomId }, { logStartSeq: end - 10, logEndSeq: end });
      ids[index] = id;
      await client`
        insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message)
        select ${roomId}, seq, ${id}, now(), 'story', 'info', 'x' from generate_series(${end - 9}::int, ${end}::int) as seq`;
    }
    await client`insert into room_log_heads values (${roomId}, 30)`;
    const kept = async () =>
      (await client`select workflow_id from step_outputs where workflow_id in ${client(ids)}`).map(
        ({ workflow_id: id }) => ids.indexOf(id),
      );
    await removeAll(only({ linesPerRoom: 15 }));
    expect((await kept()).toSorted()).toEqual([1, 2]);
    await removeAll(only({ linesPerRoom: 10 }));
    expect(await kept()).toEqual([2]);
  });

  test('lines are removed only from the beginning of a log, so that no gap follows a line that is kept', async () => {
    const log = await roomWith(25);
    await database.client`update log_lines set timestamp = now() where room_id = ${log.roomId} and seq = 5`;
    await removeAll(only({ days: 7 }));
    expect(await seqs(log)).toEqual(upTo(25, 5));
  });

  test('lines are removed in small batches, in all rooms, and no other line is touched', async () => {
    const logs = [];
    for (let room = 0; room < 9; room += 1) logs.push(await roomWith(1_200));
    const kept = () =>
      database.client`select room_id, seq, ctid, xmin, xmax from log_lines where seq > 1190 order by 1, 2`;
    const before = await kept();
    const batches = await removeAll(only({ linesPerRoom: 10 }));
    expect(Math.max(...batches)).toBeLessThanOrEqual(2_000);
    for (const log of logs) expect(await seqs(log)).toEqual(upTo(1_200, 1_191));
    expect(await kept()).toEqual(before);
  });
});

describe('the cost of removing old lines', () => {
  test('removal reads one line per room and one batch, by an index, however many lines there are', async () => {
    const log = await roomWith(50_000);
    await database.client`analyze`;
    const limits = { days: 7, linesPerRoom: 100 };
    const { client } = database;
    for (const statement of [
      ...[roomsFrom(client, null, limits), roomsFrom(client, log.roomId, limits)],
      removal(client, log.roomId, limits),
    ]) {
      const nodes = nodesOf(await planOf(client, statement));
      expect(nodes.filter((node) => node.relation === 'log_lines' && node.type === 'Seq Scan')).toEqual([]);
      const read = nodes.filter(({ relation, type }) => relation === 'log_lines' && type !== 'ModifyTable');
      expect(read.length).toBeGreaterThan(0);
      for (const { rows } of read) expect(rows).toBeLessThanOrEqual(500);
    }
  });

  test('removal blocks neither writers nor readers of the room', async () => {
    const log = await roomWith(25);
    await database.client.begin(async (tx) => {
      expect((await tx`${removal(tx, log.roomId, only({ linesPerRoom: 5 }))}`).count).toBe(20);
      const line = { agentType: 'story', level: 'info', message: 'meanwhile', metadata: null } as const;
      await appendLines(database.client, log, [line]);
      expect(await seqs(log)).toEqual(upTo(26));
    });
    expect(await seqs(log)).toEqual(upTo(26, 21));
  });

  test('one process at a time removes lines, and the others do not wait for it', async () => {
    const log = await roomWith(25);
    const remove = createLogRetention(database.db, only({ linesPerRoom: 5 }));
    const release = Promise.withResolvers<void>();
    const isLocked = Promise.withResolvers<void>();
    const lock = database.client.begin(async (tx) => {
      await tx`select from log_lines where room_id = ${log.roomId} and seq = 1 for update`;
      isLocked.resolve();
      await release.promise;
    });
    await isLocked.promise;
    const first = remove(log.roomId);
    await waitFor('the first to wait for a line', async () => {
      const waiting = await database.client`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting.length === 1;
    });
    expect(await remove(log.roomId)).toEqual({ removed: 0, next: null });
    release.resolve();
    await lock;
    expect(await first).toMatchObject({ removed: 20 });
    expect(await seqs(log)).toEqual(upTo(25, 21));
  });

  test('removal continues after a failure where it stopped', async () => {
    const asked: (string | null)[] = [];
    const failures: unknown[] = [];
    const done = Promise.withResolvers<void>();
    const retention = startRetention({
      async removeOldLines(from) {
        asked.push(from);
        if (asked.length === 2) throw new Error('unavailable');
        if (asked.length === 3) done.resolve();
        return { removed: 1, next: asked.length === 1 ? 'second room' : null };
      },
      onError: (error) => failures.push(error),
      intervalMs: 1,
    });
    await done.promise;
    retention.stop();
    expect(asked.slice(0, 3)).toEqual([null, 'second room', 'second room']);
    expect(failures).toHaveLength(1);
  });
});

describe('watching a room whose old lines are removed', () => {
  test('a client that reconnects with a removed cursor gets one WARN line about the removed ones, then the rest', async () => {
    const server = await startRoomLogServer(database);
    const log = await roomWith(25);
    await removeAll(only({ linesPerRoom: 5 }));
    const url = server.logUrl(log.roomId, `.ndjson?after=${logCursor(log.roomId, 3)}`);
    const lines = await ndjsonFrom(url);
    expect(lines.map(({ seq, level }) => [seq, level])).toEqual([
      [20, 'WARN'],
      ...upTo(25, 21).map((seq) => [seq, 'INFO']),
    ]);
    expect(lines[0]).toMatchObject({ id: logCursor(log.roomId, 20), workflowId: log.workflowId });
    expect(
      (await ndjsonFrom(server.logUrl(log.roomId, `.ndjson?after=${lines[0]?.id}`))).map(({ seq }) => seq),
    ).toEqual(upTo(25, 21));
    expect(await seqs(log)).toEqual(upTo(25, 21));
  });

  test('a watcher gets every remaining line in order, and a notice for each range of removed ones', async () => {
    const server = await startRoomLogServer(database);
    const log = await newRoom();
    await server.write(log, numbered(1, 500));
    const retention = startRetention({
      removeOldLines: createLogRetention(database.db, only({ linesPerRoom: 100 })),
      onError: (error) => expect.fail(String(error)),
      intervalMs: 1,
    });
    onTestFinished(() => retention.stop());
    const watch = async (linesPerConnection: number) => {
      const seen: SentLine[] = [];
      while (seen.at(-1)?.seq !== 1_500) {
        const id = seen.at(-1)?.id;
        const headers = id === undefined ? {} : { 'Last-Event-ID': id };
        seen.push(
          ...(await linesFrom(server.logUrl(log.roomId), { count: linesPerConnection, lastSeq: 1_500, headers })),
        );
      }
      return seen;
    };
    const watchers = [9, 40, 300, 1_500].map(watch);
    for (let from = 501; from <= 1_500; from += 50) await server.write(log, numbered(from, from + 49));
    for (const seen of await Promise.all(watchers)) {
      let last = 0;
      for (const { seq, level, metadata } of seen) {
        if (level === 'WARN') expect(metadata).toEqual({ event: 'lines.removed', from: last + 1, to: seq });
        else expect(seq).toBe(last + 1);
        last = seq;
      }
      expect(last).toBe(1_500);
    }
  });
});

test('the service removes lines beyond the limits in its environment variables', async () => {
  const log = await roomWith(25);
  const service = await startService({
    DATABASE_URL: database.url,
    MAX_LOG_LINES_PER_ROOM: '7',
    LOG_RETENTION_DAYS: '30',
  });
  onTestFinished(async () => void (await service.stop()));
  await waitFor('the old lines to go', async () => (await seqs(log)).length === 7);
  expect(await seqs(log)).toEqual(upTo(25, 19));
});
