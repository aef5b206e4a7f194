import { describe, expect, test } from 'vitest';
import { usageDetail, usageWords } from '../../../web/room/usage-words.ts';

const unknown = {
  model: null,
  inputTokens: null,
  outputTokens: null,
  images: null,
  costUsd: null,
  wastedCostUsd: null,
};

describe('what models consumed, in words', () => {
  test.each([
    [{ costUsd: 0 }, '$0.00'],
    [{ costUsd: 12.345 }, '$12.35'],
    [{ costUsd: 0.012345 }, '$0.012'],
    [{ costUsd: 0.000056 }, '$0.000056'],
    [{ costUsd: 0.05 }, '$0.050'],
    [{ inputTokens: 1_234, outputTokens: 1 }, 'cost unknown · 1,234 tokens in, 1 out'],
    [{ outputTokens: 1 }, 'cost unknown · 1 token out'],
    [{ costUsd: 1, inputTokens: 0, images: 2 }, '$1.00 · 0 tokens in · 2 pictures'],
    [{ images: 0 }, 'cost unknown'],
  ])('%j is %s', (usage, words) => {
    expect(usageWords({ ...unknown, ...usage })).toBe(words);
  });

  test('the models are named, and what failed attempts cost is told apart', () => {
    expect(usageDetail(unknown)).toBe('The agents did not name their models.');
    expect(usageDetail({ ...unknown, model: 'm', wastedCostUsd: 0.25 })).toBe(
      'Models: m. Of this, failed attempts cost $0.25.',
    );
    expect(usageDetail({ ...unknown, model: 'm', wastedCostUsd: 0 })).toBe('Models: m.');
  });
});
