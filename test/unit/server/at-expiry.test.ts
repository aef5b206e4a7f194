import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whenDue } from '../../../src/server/at-expiry.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([0, 1, 24, 25, 50, 365])('what is due in %i days happens then, and not before', (days) => {
  const action = vi.fn();
  whenDue(Date.now() + days * DAY_MS, action);
  vi.advanceTimersByTime(Math.max(days * DAY_MS - 1, 0));
  expect(action).toHaveBeenCalledTimes(days === 0 ? 1 : 0);
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledTimes(1);
});

test('what was due happens at once, and what never is does not', () => {
  const [past, never] = [vi.fn(), vi.fn()];
  whenDue(0, past);
  whenDue(Number.POSITIVE_INFINITY, never);
  vi.advanceTimersByTime(100 * DAY_MS);
  expect(past).toHaveBeenCalledTimes(1);
  expect(never).not.toHaveBeenCalled();
});

test.each([1, 60])('what is called off, %i days ahead, does not happen', (days) => {
  const action = vi.fn();
  const callOff = whenDue(Date.now() + days * DAY_MS, action);
  vi.advanceTimersByTime((days * DAY_MS) / 2);
  callOff();
  vi.advanceTimersByTime(days * DAY_MS);
  expect(action).not.toHaveBeenCalled();
});
