import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLineQueue } from '../../../src/library/line-queue.ts';
import type { NewLogLine } from '../../../src/orchestrator/domain/log-line.ts';

const line = (message: string): NewLogLine => ({ agentType: 'story', level: 'info', message, metadata: null });
const messages = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

describe('the line queue', () => {
  test('lines are emitted in order, one at a time, however long each takes', async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.nat(20), async (scheduler, count) => {
      const written: string[] = [];
      let writing = 0;
      const queue = createLineQueue(async ({ message }) => {
        writing += 1;
        expect(writing).toBe(1);
        await scheduler.schedule(Promise.resolve());
        written.push(message);
        writing -= 1;
      });
      for (const message of messages(count)) void queue.write(line(message));
      await scheduler.waitFor(queue.drain());
      expect(written).toEqual(messages(count));
    });
    await fc.assert(property);
  });

  test('lines are emitted at once if nothing delays them', () => {
    const written: string[] = [];
    const queue = createLineQueue(({ message }) => written.push(message));
    for (const message of messages(3)) void queue.write(line(message));
    expect(written).toEqual(messages(3));
  });
});

describe('a line that does not settle', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('a line that never settles delays the queue once; later lines are emitted and writers are not delayed', async () => {
    const begun: string[] = [];
    const queue = createLineQueue(({ message }) => {
      begun.push(message);
      return new Promise(() => {});
    });
    const writes = messages(2_000).map((message) => queue.write(line(message)));
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all([...writes, queue.drain()]);
    expect(begun).toEqual(messages(2_000));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('once a late line settles, lines wait for each other again', async () => {
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const begun: string[] = [];
    const queue = createLineQueue(({ message }) => {
      begun.push(message);
      return begun.length === 1 ? first.promise : second.promise;
    });
    void queue.write(line('one'));
    await vi.advanceTimersByTimeAsync(100);
    first.resolve();
    await vi.advanceTimersByTimeAsync(0);
    void queue.write(line('two'));
    void queue.write(line('three'));
    await vi.advanceTimersByTimeAsync(99);
    expect(begun).toEqual(['one', 'two']);
    second.resolve();
    await queue.drain();
    expect(begun).toEqual(['one', 'two', 'three']);
  });
});

test('a writer is delayed while 1,000 lines wait, and no longer', async () => {
  const gate = Promise.withResolvers<void>();
  const queue = createLineQueue(() => gate.promise);
  const settled: number[] = [];
  const writes = messages(1_100).map((message, n) => queue.write(line(message)).then(() => settled.push(n)));
  await new Promise(setImmediate);
  expect(settled.length).toBeLessThanOrEqual(1_001);
  expect(settled.length).toBeGreaterThan(900);
  gate.resolve();
  await Promise.all(writes);
});
