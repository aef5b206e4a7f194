import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBatcher } from '../../../src/db/batcher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A batcher whose batches end when the test ends them. */
function testBatcher(limits: { concurrency: number; maxWeight: number }) {
  const runs: string[][] = [];
  const ends: (() => void)[] = [];
  const add = createBatcher<string>(
    (items) => {
      runs.push([...items]);
      return new Promise((end) => ends.push(end));
    },
    { ...limits, timeoutMs: 1_000 },
  );
  const end = async (run: number) => {
    ends[run]?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { runs, add, end, nextIteration: () => vi.advanceTimersByTimeAsync(0) };
}

describe('the batcher', () => {
  test('items added in one iteration of the event loop share a batch; later ones wait and share the next', async () => {
    const { runs, add, end, nextIteration } = testBatcher({ concurrency: 1, maxWeight: 10 });
    add('a', 1);
    add('b', 1);
    expect(runs).toEqual([]);
    await nextIteration();
    add('c', 1);
    await nextIteration();
    add('d', 1);
    await nextIteration();
    expect(runs).toEqual([['a', 'b']]);
    await end(0);
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('a batch keeps the order of its items and the maximum weight, unless a single item exceeds it', async () => {
    const { runs, add, nextIteration } = testBatcher({ concurrency: 5, maxWeight: 3 });
    for (const [item, weight] of [
      ['a', 2],
      ['b', 1],
      ['c', 1],
      ['d', 7],
      ['e', 3],
    ] as const)
      add(item, weight);
    await nextIteration();
    expect(runs).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  test('batches that never end stop counting after the timeout, so that others can start', async () => {
    const { runs, add, end, nextIteration } = testBatcher({ concurrency: 2, maxWeight: 1 });
    for (const item of ['a', 'b', 'c', 'd', 'e']) add(item, 1);
    await nextIteration();
    await vi.advanceTimersByTimeAsync(999);
    expect(runs).toEqual([['a'], ['b']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toEqual([['a'], ['b'], ['c'], ['d']]);
    // A batch that ends after its timeout is not counted a second time.
    await end(0);
    expect(runs).toHaveLength(4);
    await end(2);
    expect(runs.at(-1)).toEqual(['e']);
  });
});
