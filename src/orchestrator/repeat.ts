import { setTimeout as sleep } from 'node:timers/promises';

export type Repeating = {
  /** Prevents further runs; settles when the one in progress has ended. */
  stop(): Promise<void>;
};

/**
 * Runs `work` repeatedly, with `intervalMs` between the end of one run and the start of the next. A run that fails is
 * reported to `onError` and does not end the repetition.
 */
export function repeat(work: () => Promise<void>, intervalMs: number, onError: (error: unknown) => void): Repeating {
  const stopped = new AbortController();

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      await work().catch(onError);
      await sleep(intervalMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  const done = loop();
  return {
    async stop() {
      stopped.abort();
      await done;
    },
  };
}
