import { expect, test, vi } from 'vitest';
import { throttle } from '../../../src/boot/throttle.ts';

test('a throttled report is made at most once per interval', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const reported: string[] = [];
  const report = throttle(1_000, (text: string) => reported.push(text));
  report('first');
  vi.advanceTimersByTime(999);
  report('dropped');
  vi.advanceTimersByTime(1);
  report('second');
  vi.useRealTimers();
  expect(reported).toEqual(['first', 'second']);
});
