import { setTimeout as sleep } from 'node:timers/promises';

/** Does something, again and again while the database is away, until it is done or the signal aborts. */
export type RetryWhileUnavailable = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * A step under way waits out an outage of Postgres and is saved then.
 * @throws what `work` throws for any other reason, and the signal's reason when it aborts.
 */
export function createRetryWhileUnavailable(isUnavailable: (error: unknown) => boolean): RetryWhileUnavailable {
  return async (work, signal) => {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
      await sleep(waitMs, undefined, { signal });
    }
  };
}
