import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoveOldLines } from './ports/store.ts';
import { repeat } from './repeat.ts';

/** A batch is followed by a pause of at least so long, in ms, and of as long as the batch took. */
const LEAST_PAUSE_MS = 5;

/**
 * Goes through all rooms again and again and removes what is beyond the limits, by small batches, and at most half of
 * the time: others come before it.
 */
export function startRetention(deps: {
  removeOldLines: RemoveOldLines;
  failed: (error: unknown) => void;
  /** Between two rounds, in ms. @default 30000 */
  intervalMs?: number;
}): { stop(): void } {
  const stopping = new AbortController();
  let next: string | null = null;

  async function round(): Promise<void> {
    do {
      const begun = performance.now();
      ({ next } = await deps.removeOldLines(next));
      const pauseMs = Math.max(LEAST_PAUSE_MS, performance.now() - begun);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    } while (next !== null && !stopping.signal.aborted);
  }

  const rounds = repeat(round, deps.intervalMs ?? 30_000, (error) => {
    if (!stopping.signal.aborted) deps.failed(error);
  });
  return {
    // Not waited for: a batch under way ends or is undone as a whole.
    stop() {
      stopping.abort();
      void rounds.stop();
    },
  };
}
