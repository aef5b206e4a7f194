import { expect, test } from 'vitest';
import type { Usage } from '../../../src/orchestrator/domain/usage.ts';
import { createUsageWriter } from '../../../src/orchestrator/usage-writer.ts';

const usage = (inputTokens: number): Usage => ({
  model: 'm',
  inputTokens,
  outputTokens: 0,
  images: 0,
  costUsd: null,
});

test('the sum is saved at once, and reports that arrive meanwhile share the next statement', async () => {
  const saved: (number | null)[] = [];
  const answers: (() => void)[] = [];
  const writer = createUsageWriter(async ({ inputTokens }) => {
    saved.push(inputTokens);
    await new Promise<void>((resolve) => answers.push(resolve));
  });
  writer.add(usage(1));
  writer.add(usage(2));
  writer.add(usage(4));
  expect(saved).toEqual([1]);
  answers.shift()?.();
  await Promise.resolve();
  const all = writer.saved();
  while (answers.length === 0) await Promise.resolve();
  answers.shift()?.();
  await all;
  expect(saved).toEqual([1, 7]);
});

test('nothing is saved when nothing was reported', async () => {
  await createUsageWriter(() => Promise.reject(new Error('not expected'))).saved();
});

test('what could not be saved is saved by the next call, whose failure is thrown', async () => {
  const failures = [new Error('first'), new Error('second')];
  const saved: (number | null)[] = [];
  const writer = createUsageWriter(async ({ inputTokens }) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    saved.push(inputTokens);
  });
  writer.add(usage(3));
  await new Promise(setImmediate);
  await expect(writer.saved()).rejects.toThrow('second');
  await writer.saved();
  expect(saved).toEqual([3]);
});
