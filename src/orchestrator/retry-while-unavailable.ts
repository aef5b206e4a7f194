import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats `work` while the database is unavailable, until it succeeds or the signal aborts. */
export type RetryWhileUnavailable = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

const INITIAL_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/**
 * For a step in progress, which waits out an outage of Postgres and is saved afterwards.
 * @throws what `work` throws for any other reason, and the signal's reason when it aborts.
 */
export function createRetryWhileUnavailable(isUnavailable: (error: unknown) => boolean): RetryWhileUnavailable {
  return async (work, signal) => {
    for (let delayMs = INITIAL_DELAY_MS; ; delayMs = Math.min(MAX_DELAY_MS, delayMs * 2)) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
      await sleep(delayMs, undefined, { signal });
    }
  };
}
