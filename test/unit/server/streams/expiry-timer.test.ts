import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atExpiry } from '../../../../src/server/streams/expiry-timer.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([0, 1, 24, 25, 50, 365])('an action that is due in %i days happens then, and not before', (days) => {
  const action = vi.fn();
  atExpiry(Date.now() + days * DAY_MS, action);
  vi.advanceTimersByTime(Math.max(days * DAY_MS - 1, 0));
  expect(action).toHaveBeenCalledTimes(days === 0 ? 1 : 0);
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledTimes(1);
});

test('an action that is overdue happens immediately, and one that is never due does not happen', () => {
  const [past, never] = [vi.fn(), vi.fn()];
  atExpiry(0, past);
  atExpiry(Number.POSITIVE_INFINITY, never);
  vi.advanceTimersByTime(100 * DAY_MS);
  expect(past).toHaveBeenCalledTimes(1);
  expect(never).not.toHaveBeenCalled();
});

test.each([1, 60])('an action that is cancelled, %i days before it is due, does not happen', (days) => {
  const action = vi.fn();
  const cancel = atExpiry(Date.now() + days * DAY_MS, action);
  vi.advanceTimersByTime((days * DAY_MS) / 2);
  cancel();
  vi.advanceTimersByTime(days * DAY_MS);
  expect(action).not.toHaveBeenCalled();
});
