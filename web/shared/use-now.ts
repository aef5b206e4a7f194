import { useSyncExternalStore } from 'react';
import { serverNow } from './server-clock.ts';

/** All parts of the page that show the time share one timer per period. */
function createClock(periodMs: number) {
  let now = serverNow();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = () => {
    now = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    get: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) {
        timer = setInterval(tick, periodMs);
        now = serverNow();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const fast = createClock(250);
const slow = createClock(10_000);

/** The time in ms: four times a second while something runs, otherwise every ten seconds. */
export function useNow(isRunning: boolean): number {
  const clock = isRunning ? fast : slow;
  return useSyncExternalStore(clock.subscribe, clock.get);
}
