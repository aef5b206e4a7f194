import { describe, expect, test } from 'vitest';
import type { LogLine, NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';
import { createLineWriter } from '../../../src/orchestrator/line-writer.ts';

type Append = Parameters<typeof createLineWriter>[0]['append'];

const line = (message: string, metadata: NewLogLine['metadata'] = null): NewLogLine => ({
  agentType: 'story',
  level: 'info',
  message,
  metadata,
});

const writerOver = (append: Append, onLeaseLost = () => {}) =>
  createLineWriter({ append, onWritten: () => {}, onLeaseLost });

/** A log whose statements end when the test resolves them. */
function blockedLog() {
  const batches: string[][] = [];
  const gates: PromiseWithResolvers<LogLine[] | null>[] = [];
  const append: Append = (lines) => {
    batches.push(lines.map(({ message }) => message));
    const gate = Promise.withResolvers<LogLine[] | null>();
    gates.push(gate);
    return gate.promise;
  };
  return { batches, append, next: () => gates.shift() };
}

const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an attempt’s lines', () => {
  test('lines are written in order, and those that arrive during a statement share the next one', async () => {
    const { batches, append, next } = blockedLog();
    const writer = writerOver(append);
    for (const message of ['a', 'b']) await writer.write(line(message));
    await nextTick();
    for (const message of ['c', 'd']) await writer.write(line(message));
    next()?.resolve([]);
    await nextTick();
    next()?.resolve([]);
    await writer.drain();
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('lines that still wait when the agent is done are left to the caller, and drain writes them if asked to', async () => {
    const { batches, append, next } = blockedLog();
    const writer = writerOver(append);
    await writer.write(line('a'));
    await nextTick();
    await writer.write(line('b'));
    const rest = writer.rest();
    next()?.resolve([]);
    expect(await rest).toEqual([line('b')]);
    await nextTick();
    expect(batches).toEqual([['a']]);
    const drained = writer.drain();
    next()?.resolve([]);
    await drained;
    expect(batches).toEqual([['a'], ['b']]);
  });

  test('an agent is slowed down while 1,000 lines wait to be written', async () => {
    const { append, next } = blockedLog();
    const writer = writerOver(append);
    for (let index = 0; index < 999; index += 1) await writer.write(line('x'));
    let isWritten = false;
    const blocked = writer.write(line('one too many')).then(() => {
      isWritten = true;
    });
    await nextTick();
    expect(isWritten).toBe(false);
    for (let gate = next(); gate !== undefined; gate = next()) {
      gate.resolve([]);
      await nextTick();
    }
    await blocked;
    expect(isWritten).toBe(true);
  });

  test('a worker that lost its lease writes no more lines', async () => {
    const { batches, append, next } = blockedLog();
    let lost = 0;
    const writer = writerOver(append, () => {
      lost += 1;
    });
    await writer.write(line('a'));
    await nextTick();
    await writer.write(line('b'));
    next()?.resolve(null);
    await writer.drain();
    await writer.write(line('c'));
    await writer.drain();
    expect(await writer.rest()).toEqual([]);
    expect({ lost, batches }).toEqual({ lost: 1, batches: [['a']] });
  });

  test('a line whose metadata cannot be saved keeps its message', async () => {
    const saved: NewLogLine[] = [];
    const writer = writerOver(async (lines) => {
      if (lines.some(({ metadata }) => metadata !== null)) throw new Error('nested too deep');
      saved.push(...lines);
      return [];
    });
    await writer.write(line('a', { deep: true }));
    await writer.drain();
    expect(saved).toEqual([line('a')]);
  });

  test('lines that cannot be written make drain reject instead of being lost silently', async () => {
    const writer = writerOver(async () => {
      throw new Error('disk full');
    });
    await writer.write(line('a'));
    await expect(writer.drain()).rejects.toThrow('disk full');
  });
});
