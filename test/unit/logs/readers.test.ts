import { describe, expect, test } from 'vitest';
import { readLines } from '../../../src/logs/read-lines.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import { logChannel } from '../../../src/orchestrator/domain/log-line.ts';
import { collect, createSmallWorld, type SmallWorld, settled } from './small-world.ts';

const NO_END = Number.POSITIVE_INFINITY;

function roomWith(world: SmallWorld, lines: number) {
  const roomId = world.room();
  const workflowId = world.start(roomId);
  while (world.lines(roomId).length < lines) world.log(workflowId);
  return { roomId, workflowId };
}

const read = (world: SmallWorld, roomId: string, after = 0) =>
  readLines(world, { roomId, after, upTo: NO_END, workflowOfRemoved: () => 'removed' });

const upTo = (seq: number, after = 0) => Array.from({ length: seq - after }, (_, index) => after + index + 1);

/** Blocks reads. @returns releases them */
function blockReads(world: SmallWorld): () => Promise<void> {
  const gate = Promise.withResolvers<void>();
  world.gate(() => gate.promise);
  return () => {
    world.gate(async () => undefined);
    gate.resolve();
    return settled();
  };
}

describe('a reader of a room’s log', () => {
  test('a reader pages through existing lines and then receives new ones', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 1_201);
    const reader = collect(read(world, roomId));
    await settled();
    world.log(workflowId);
    await settled();
    expect(reader.items.map(({ seq }) => seq)).toEqual(upTo(1_202));
    expect(world.pages).toEqual([{ after: 0 }, { after: 500 }, { after: 1_000 }]);
  });

  test('a reader misses no line that the feed passes on while a page is being read', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 3);
    const first = collect(read(world, roomId));
    await settled();
    const release = blockReads(world);
    const second = collect(read(world, roomId));
    await settled();
    world.log(workflowId);
    await release();
    expect(first.items).toHaveLength(4);
    expect(second.items.map(({ seq }) => seq)).toEqual(upTo(4));
  });

  test('a reader ignores unknown messages on the channel and reads lines it cannot decode from Postgres', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 3);
    const reader = collect(read(world, roomId));
    await settled();
    world.log(workflowId, {}, 'unpublished');
    const line = { ...world.log(workflowId, {}, 'unpublished'), timestamp: '2026-11-22T14:34:00.000Z' };
    for (const junk of ['not json', null, 7, [line], {}, { level: 'info' }])
      world.pubsub.publish(logChannel(roomId), junk);
    for (const change of [
      { seq: 'x' },
      { seq: 0 },
      { id: 3 },
      { level: 'loud' },
      { agentType: 'me' },
      { timestamp: 'soon' },
    ])
      world.pubsub.publish(logChannel(roomId), { ...line, ...change });
    await settled();
    expect(reader.items).toHaveLength(3);
    world.pubsub.publish(logChannel(roomId), line);
    await settled();
    expect(reader.items.map(({ seq }) => seq)).toEqual(upTo(5));
  });

  test('a reader that falls behind buffers a bounded number of lines and reads the rest from Postgres', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 1);
    const reader = read(world, roomId);
    await reader.next();
    await settled();
    const waiting = reader.next();
    for (let count = 0; count < 1_000; count++) world.log(workflowId);
    await settled();
    const seqs = [(await waiting).value.seq];
    while (seqs.length < 1_000) seqs.push((await reader.next()).value.seq);
    expect(seqs).toEqual(upTo(1_001, 1));
    // 256 were buffered besides the one that was awaited.
    expect(world.pages).toEqual([{ after: 0 }, { after: 258 }, { after: 758 }]);
  });

  test('a reader receives one line in place of removed lines, and then the lines that are left', async () => {
    const world = createSmallWorld({ pageLines: 3, bufferedLines: 2 });
    const { roomId, workflowId } = roomWith(world, 14);
    const live = collect(read(world, roomId));
    await settled();
    world.forget(roomId, 7);
    const late = collect(read(world, roomId, 2));
    const latest = collect(read(world, roomId, 7));
    await settled();
    world.log(workflowId);
    await settled();
    expect(late.items[0]).toMatchObject({
      id: logCursor(roomId, 7),
      seq: 7,
      roomId,
      workflowId: 'removed',
      agentType: 'orchestrator',
      level: 'warn',
      message: 'Lines 3 to 7 are no longer kept',
      metadata: { event: 'lines.removed', from: 3, to: 7 },
    });
    expect(late.items.map(({ seq }) => seq)).toEqual(upTo(15, 6));
    expect(latest.items.map(({ seq }) => seq)).toEqual(upTo(15, 7));
    expect(live.items.map(({ seq }) => seq)).toEqual(upTo(15));
  });

  test('a reader whose unread lines were all removed receives one line for them, and then new lines', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 9);
    const live = collect(read(world, roomId));
    await settled();
    const line = world.lines(roomId).at(-1);
    world.forget(roomId, 9);
    const late = collect(read(world, roomId, 8));
    await settled();
    expect(late.items.map(({ message }) => message)).toEqual(['Line 9 is no longer kept']);
    const pages = world.pages.length;
    expect(pages).toBe(2);
    world.pubsub.publish(logChannel(roomId), { ...line, seq: 10, workflowId, timestamp: '2026-11-22T14:34:00.000Z' });
    await settled();
    expect(late.items.map(({ seq }) => seq)).toEqual([9, 10]);
    expect(live.items).toHaveLength(10);
  });

  test('a reader receives one line for lines that were removed faster than it read', async () => {
    const world = createSmallWorld({ pageLines: 3, bufferedLines: 2 });
    const { roomId } = roomWith(world, 12);
    const reader = read(world, roomId);
    await reader.next();
    await settled();
    world.forget(roomId, 9);
    const seqs = [];
    while (seqs.at(-1) !== 12) seqs.push((await reader.next()).value.seq);
    expect(seqs).toEqual([2, 3, 9, 10, 11, 12]);
  });

  test('a reader waits while Postgres is unavailable, and receives everything at the next poll after that', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 2);
    world.gate(() => Promise.reject(new Error('unavailable')));
    const reader = collect(read(world, roomId));
    await settled();
    world.log(workflowId);
    await world.poll();
    expect({ ...reader, pages: world.pages.length }).toEqual({ items: [], isDone: false, pages: 1 });
    world.gate(async () => undefined);
    await world.poll();
    expect(reader.items.map(({ seq }) => seq)).toEqual(upTo(3));
  });
});

describe('several readers', () => {
  test('readers of a room share one feed, one channel subscription and one read of a gap', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 2);
    const readers = Array.from({ length: 20 }, () => collect(read(world, roomId)));
    await settled();
    expect(world.hub.stats()).toEqual({ feeds: 1, watchers: 20 });
    const pages = world.pages.length;
    world.log(workflowId, {}, 'unpublished');
    world.log(workflowId);
    await settled();
    expect(world.pages.length).toBe(pages + 1);
    for (const reader of readers) expect(reader.items.map(({ seq }) => seq)).toEqual(upTo(4));
  });

  test('all watched rooms are polled with one statement, and only while there are any', async () => {
    const world = createSmallWorld();
    const rooms = [roomWith(world, 1), roomWith(world, 1)];
    expect(world.timers()).toBe(0);
    const readers = rooms.map(({ roomId }) => read(world, roomId));
    const items = readers.map(collect);
    await settled();
    for (const { workflowId } of rooms) world.log(workflowId, {}, 'unpublished');
    expect(world.timers()).toBe(1);
    await world.poll();
    expect(items.map((reader) => reader.items.length)).toEqual([2, 2]);
    for (const reader of readers) await reader.return?.();
    expect({ timers: world.timers(), ...world.hub.stats() }).toEqual({ timers: 0, feeds: 0, watchers: 0 });
  });

  test('all readers end when the hub closes', async () => {
    const world = createSmallWorld();
    const { roomId } = roomWith(world, 2);
    const reader = collect(read(world, roomId));
    await settled();
    world.hub.close();
    const late = collect(read(world, roomId));
    await settled();
    expect([reader.isDone, late.isDone, world.hub.stats().feeds, world.timers()]).toEqual([true, true, 0, 0]);
  });
});

describe('return() of a reader', () => {
  const nothing = { timers: 0, feeds: 0, watchers: 0 };
  const retained = (world: SmallWorld) => ({ timers: world.timers(), ...world.hub.stats() });

  test('return() before the first next() leaves nothing behind', async () => {
    const world = createSmallWorld();
    const reader = read(world, roomWith(world, 2).roomId);
    expect(retained(world)).toEqual(nothing);
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(retained(world)).toEqual(nothing);
  });

  test('return() ends a next() that waits for a page, without waiting for Postgres', async () => {
    const world = createSmallWorld();
    const reader = read(world, roomWith(world, 2).roomId);
    const release = blockReads(world);
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(retained(world)).toEqual(nothing);
    await release();
    expect(retained(world)).toEqual(nothing);
  });

  test('return() ends every next() that waits for a line', async () => {
    const world = createSmallWorld();
    const { roomId, workflowId } = roomWith(world, 1);
    const reader = read(world, roomId);
    await reader.next();
    const waiting = [reader.next(), reader.next()];
    await settled();
    await reader.return?.();
    world.log(workflowId);
    expect(await Promise.all(waiting)).toEqual([1, 2].map(() => ({ done: true, value: undefined })));
    expect(retained(world)).toEqual(nothing);
  });

  test('return() drops buffered lines', async () => {
    const world = createSmallWorld();
    const reader = read(world, roomWith(world, 5).roomId);
    await reader.next();
    await reader.return?.();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(retained(world)).toEqual(nothing);
  });

  test('return() ends a next() that waits while Postgres is unavailable', async () => {
    const world = createSmallWorld();
    world.gate(() => Promise.reject(new Error('unavailable')));
    const reader = read(world, roomWith(world, 5).roomId);
    const waiting = reader.next();
    await settled();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(retained(world)).toEqual(nothing);
  });
});
