import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { totalUsage, type Usage } from '../../../../src/orchestrator/domain/usage.ts';

const unknown: Usage = { model: null, inputTokens: null, outputTokens: null, images: null, costUsd: null };

describe('adding up usage', () => {
  test('no report is not the same as a report of nothing', () => {
    expect(totalUsage([])).toBeNull();
    expect(totalUsage([unknown])).toEqual(unknown);
  });

  test('reports are added up, and each model is named once', () => {
    const first = { model: 'a', inputTokens: 1, outputTokens: 2, images: 0, costUsd: 0.1 };
    const second = { model: 'b', inputTokens: 10, outputTokens: 20, images: 1, costUsd: 0.2 };
    expect(totalUsage([first, second, { ...first, costUsd: 0 }])).toEqual({
      model: 'a, b',
      inputTokens: 12,
      outputTokens: 24,
      images: 1,
      costUsd: 0.3,
    });
  });

  test('a value that one report leaves out is unknown in the sum', () => {
    const known = { ...unknown, inputTokens: 5, costUsd: 0.5 };
    expect(totalUsage([known, { ...known, costUsd: null }])).toEqual({ ...unknown, inputTokens: 10 });
  });

  test('a count that GraphQL could not show is unknown', () => {
    const many = { ...unknown, inputTokens: 2 ** 31 - 1 };
    expect(totalUsage([many])?.inputTokens).toBe(2 ** 31 - 1);
    expect(totalUsage([many, { ...unknown, inputTokens: 1 }])?.inputTokens).toBeNull();
  });

  test('the sum of sums is the sum of all reports', () => {
    const count = fc.option(fc.nat(1_000));
    const usage = fc.record({
      model: fc.option(fc.constantFrom('a', 'b', 'c')),
      inputTokens: count,
      outputTokens: count,
      images: count,
      costUsd: fc.option(fc.nat(1_000_000).map((micros) => micros / 1_000_000)),
    });
    fc.assert(
      fc.property(fc.array(usage, { minLength: 1 }), fc.array(usage, { minLength: 1 }), (some, others) => {
        const ofSums = totalUsage([some, others].map((reports) => totalUsage(reports) ?? unknown));
        expect(ofSums).toEqual(totalUsage([...some, ...others]));
      }),
    );
  });
});
