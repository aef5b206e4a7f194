import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shareRead } from '../../../src/orchestrator/share-read.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A read that takes `durationMs` and returns how often it was made. */
function countedRead(durationMs: number) {
  let reads = 0;
  return vi.fn<() => Promise<number>>(async () => {
    await vi.advanceTimersByTimeAsync(durationMs);
    reads += 1;
    return reads;
  });
}

test('a thousand callers within a second share one read, and a later one causes the next', async () => {
  const shared = shareRead(countedRead(1), 1_000);
  expect(new Set(await Promise.all(Array.from({ length: 1_000 }, shared)))).toEqual(new Set([1]));
  vi.advanceTimersByTime(999);
  expect(await shared()).toBe(1);
  vi.advanceTimersByTime(2);
  expect(await shared()).toBe(2);
});

test('a read that takes long is repeated less often', async () => {
  const shared = shareRead(countedRead(500), 1_000);
  await shared();
  vi.advanceTimersByTime(2_400);
  expect(await shared()).toBe(1);
  vi.advanceTimersByTime(101);
  expect(await shared()).toBe(2);
});

test('an error is passed on to those who waited for it, and is not kept', async () => {
  const read = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('no database')).mockResolvedValue('read');
  const shared = shareRead(read, 1_000);
  const both = await Promise.allSettled([shared(), shared()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await shared()).toBe('read');
  expect(read).toHaveBeenCalledTimes(2);
});
