import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gather } from '../../../src/db/batcher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gatherer whose runs end when the test says so. */
function gathering(limits: { runs: number; weight: number }) {
  const runs: string[][] = [];
  const ends: (() => void)[] = [];
  const add = gather<string>(
    (items) => {
      runs.push([...items]);
      return new Promise((end) => ends.push(end));
    },
    { ...limits, patienceMs: 1_000 },
  );
  const end = async (run: number) => {
    ends[run]?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { runs, add, end, turn: () => vi.advanceTimersByTimeAsync(0) };
}

describe('items that are gathered', () => {
  test('in one turn share a run; later ones wait for a run to end, and share the next', async () => {
    const { runs, add, end, turn } = gathering({ runs: 1, weight: 10 });
    add('a', 1);
    add('b', 1);
    expect(runs).toEqual([]);
    await turn();
    add('c', 1);
    await turn();
    add('d', 1);
    await turn();
    expect(runs).toEqual([['a', 'b']]);
    await end(0);
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('are at most so heavy together, in the order they came, but for one that is too heavy by itself', async () => {
    const { runs, add, turn } = gathering({ runs: 5, weight: 3 });
    for (const [item, weight] of [
      ['a', 2],
      ['b', 1],
      ['c', 1],
      ['d', 7],
      ['e', 3],
    ] as const)
      add(item, weight);
    await turn();
    expect(runs).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  test('are not held up for longer than the patience by runs that do not end', async () => {
    const { runs, add, end, turn } = gathering({ runs: 2, weight: 1 });
    for (const item of ['a', 'b', 'c', 'd', 'e']) add(item, 1);
    await turn();
    await vi.advanceTimersByTimeAsync(999);
    expect(runs).toEqual([['a'], ['b']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toEqual([['a'], ['b'], ['c'], ['d']]);
    // One that ends after all was counted before.
    await end(0);
    expect(runs).toHaveLength(4);
    await end(2);
    expect(runs.at(-1)).toEqual(['e']);
  });
});
