import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { Slot } from '../orchestrator/ports/dispatch.ts';

const MINUTE_MS = 60_000;

/** The slots of one agent in this process: a semaphore, optionally with a limit on how many are acquired in a minute. */
export type Slots = {
  /** Fails instead of waiting, also when others wait. */
  tryAcquire(): boolean;
  /**
   * Waits for a slot, in order of arrival.
   * @returns false when there was none within `timeoutMs`, the signal aborted, or the slots were closed.
   */
  acquire(options: { timeoutMs?: number; signal?: AbortSignal }): Promise<boolean>;
  release(): void;
  /** No slot is acquired from now on. */
  close(): void;
};

/** @param ratePerMinute null: no limit. */
export function createSlots({
  concurrency,
  ratePerMinute,
}: {
  concurrency: number;
  ratePerMinute: number | null;
}): Slots {
  const waiting = new Set<(isAcquired: boolean) => void>();
  /** When slots were acquired in the last minute, oldest first. Kept only when the rate is limited. */
  const acquiredAt: number[] = [];
  let acquired = 0;
  let isClosed = false;
  let rateTimer: NodeJS.Timeout | undefined;

  function take(): boolean {
    if (isClosed || acquired >= concurrency || !isWithinRate()) return false;
    acquired += 1;
    return true;
  }

  function isWithinRate(): boolean {
    if (ratePerMinute === null) return true;
    const now = performance.now();
    while (acquiredAt[0] !== undefined && acquiredAt[0] <= now - MINUTE_MS) acquiredAt.shift();
    const [oldest] = acquiredAt;
    if (oldest === undefined || acquiredAt.length < ratePerMinute) {
      acquiredAt.push(now);
      return true;
    }
    clearTimeout(rateTimer);
    rateTimer = setTimeout(serveWaiting, oldest + MINUTE_MS - now);
    return false;
  }

  function serveWaiting(): void {
    for (const settle of waiting) {
      if (!take()) return;
      settle(true);
    }
  }

  return {
    tryAcquire: () => waiting.size === 0 && take(),
    async acquire({ timeoutMs, signal }) {
      if (isClosed || signal?.aborted) return false;
      if (waiting.size === 0 && take()) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const giveUp = () => settle(false);
      const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
      const settle = (isAcquired: boolean) => {
        waiting.delete(settle);
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(isAcquired);
      };
      signal?.addEventListener('abort', giveUp);
      waiting.add(settle);
      return await promise;
    },
    release() {
      acquired -= 1;
      serveWaiting();
    },
    close() {
      isClosed = true;
      clearTimeout(rateTimer);
      for (const settle of waiting) settle(false);
    },
  };
}

/** A slot that was acquired, as its holder sees it. */
export function heldSlot(
  slots: Record<AgentName, Pick<Slots, 'tryAcquire' | 'release'>>,
  agent: AgentName,
  onRelease: () => void = () => {},
): Slot {
  let isHeld = true;
  return {
    next: (following) => (slots[following].tryAcquire() ? heldSlot(slots, following) : null),
    release() {
      if (!isHeld) return;
      isHeld = false;
      slots[agent].release();
      onRelease();
    },
  };
}
