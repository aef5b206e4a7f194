import { describe, expect, test, vi } from 'vitest';
import { createSlots } from '../../../src/dispatch/slots.ts';

const unlimited = { ratePerMinute: null };

describe('the slots of an agent', () => {
  test('at most `concurrency` slots are acquired at once', () => {
    const slots = createSlots({ concurrency: 2, ...unlimited });
    expect([slots.tryAcquire(), slots.tryAcquire(), slots.tryAcquire()]).toEqual([true, true, false]);
    slots.release();
    expect(slots.tryAcquire()).toBe(true);
  });

  test('a released slot goes to the one that has waited longest, before anyone who does not wait', async () => {
    const slots = createSlots({ concurrency: 1, ...unlimited });
    const order: string[] = [];
    slots.tryAcquire();
    const waiting = ['first', 'second'].map(async (name) => {
      if (await slots.acquire({})) order.push(name);
    });
    slots.release();
    expect(slots.tryAcquire()).toBe(false);
    await waiting[0];
    expect(order).toEqual(['first']);
    slots.release();
    await waiting[1];
    expect(order).toEqual(['first', 'second']);
  });

  test('a wait for a slot ends after its timeout, and takes none later', async () => {
    const slots = createSlots({ concurrency: 1, ...unlimited });
    slots.tryAcquire();
    expect(await slots.acquire({ timeoutMs: 1 })).toBe(false);
    slots.release();
    expect(slots.tryAcquire()).toBe(true);
  });

  test('a wait for a slot ends when its signal aborts, and takes none later', async () => {
    const slots = createSlots({ concurrency: 1, ...unlimited });
    const controller = new AbortController();
    slots.tryAcquire();
    const waiting = slots.acquire({ signal: controller.signal });
    controller.abort();
    expect(await waiting).toBe(false);
    expect(await slots.acquire({ signal: controller.signal })).toBe(false);
    slots.release();
    expect(slots.tryAcquire()).toBe(true);
  });

  test('closed slots are acquired by nobody, whether they waited or come later', async () => {
    const slots = createSlots({ concurrency: 1, ...unlimited });
    slots.tryAcquire();
    const waiting = slots.acquire({});
    slots.close();
    slots.release();
    expect(await waiting).toBe(false);
    expect(await slots.acquire({})).toBe(false);
    expect(slots.tryAcquire()).toBe(false);
  });

  test('a limited rate lets those who wait acquire a slot a minute after the one that used up the limit', async () => {
    vi.useFakeTimers();
    try {
      const slots = createSlots({ concurrency: 10, ratePerMinute: 2 });
      expect([slots.tryAcquire(), slots.tryAcquire(), slots.tryAcquire()]).toEqual([true, true, false]);
      let isAcquired = false;
      const waiting = slots.acquire({}).then((acquired) => {
        isAcquired = acquired;
      });
      await vi.advanceTimersByTimeAsync(59_000);
      expect(isAcquired).toBe(false);
      await vi.advanceTimersByTimeAsync(2_000);
      await waiting;
      expect(isAcquired).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
