import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { probeAgent } from '../../../src/agents/agent-health.ts';
import { createHealthMonitor } from '../../../src/agents/health-monitor.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-22T14:34:00.000Z') }));
afterEach(() => void vi.useRealTimers());

const URL = 'http://agent';
const HEALTHY = { isHealthy: true, problem: null };
const at = (iso: string) => new Date(`2026-11-22T${iso}.000Z`);

test('the first caller waits for a check, and those within five seconds share it', async () => {
  const probe = vi.fn<typeof probeAgent>(async () => HEALTHY);
  const healthOf = createHealthMonitor(URL, probe);
  const [first, second] = await Promise.all([healthOf(), healthOf()]);
  expect(first).toMatchObject({ isHealthy: true, problem: null, unhealthySince: null, checkedAt: at('14:34:00') });
  expect(second).toEqual(first);
  vi.advanceTimersByTime(4_900);
  await healthOf();
  expect(probe).toHaveBeenCalledTimes(1);
});

test('while an agent fails its checks, it is unhealthy since the first of them', async () => {
  const probe = vi.fn<typeof probeAgent>(async () => ({ isHealthy: false, problem: 'no answer' }));
  const healthOf = createHealthMonitor(URL, probe);
  await healthOf();
  vi.advanceTimersByTime(6_000);
  await healthOf(); // returns what is known, and makes the next check
  expect(await healthOf()).toMatchObject({
    isHealthy: false,
    problem: 'no answer',
    unhealthySince: at('14:34:00'),
    checkedAt: at('14:34:06'),
  });
  probe.mockResolvedValue(HEALTHY);
  vi.advanceTimersByTime(6_000);
  await healthOf();
  expect(await healthOf()).toMatchObject({ isHealthy: true, unhealthySince: null });
});

test('an agent that never answers delays nobody by more than a second', async () => {
  const healthOf = createHealthMonitor(URL, () => new Promise<never>(() => {}));
  const health = healthOf();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await health).toBeNull();
});

test('an agent without a health check was checked, but is neither healthy nor unhealthy', async () => {
  const healthOf = createHealthMonitor(URL, async () => ({ isHealthy: null, problem: 'responded with 404' }));
  expect(await healthOf()).toMatchObject({
    isHealthy: null,
    problem: null,
    unhealthySince: null,
    checkedAt: at('14:34:00'),
  });
});
