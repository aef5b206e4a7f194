import { max, mean, quantileSorted } from 'simple-statistics';

export type Summary = { count: number; mean: number; p50: number; p99: number; max: number };

/** The percentiles of durations in any unit; zero if there are none. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) return { count: 0, mean: 0, p50: 0, p99: 0, max: 0 };
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p99: quantileSorted(sorted, 0.99),
    max: max(sorted),
  };
}
