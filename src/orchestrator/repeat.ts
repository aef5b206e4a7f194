import { setTimeout as sleep } from 'node:timers/promises';

export type Repeating = {
  /** Runs it once more at once, after a run under way. */
  now(): void;
  /** No further run; settles when the one under way has ended. */
  stop(): Promise<void>;
};

/**
 * Runs `work` again and again with `intervalMs` between the end of one and the start of the next. A run that fails is
 * told to `failed` and does not end the repetition.
 */
export function repeat(work: () => Promise<void>, intervalMs: number, failed: (error: unknown) => void): Repeating {
  const stopped = new AbortController();
  let wait = new AbortController();

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      wait = new AbortController();
      await work().catch(failed);
      const either = AbortSignal.any([wait.signal, stopped.signal]);
      await sleep(intervalMs, undefined, { signal: either }).catch(() => {});
    }
  }

  const done = loop();
  return {
    now: () => wait.abort(),
    async stop() {
      stopped.abort();
      await done;
    },
  };
}
