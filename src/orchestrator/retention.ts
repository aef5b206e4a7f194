import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoveOldLines } from './ports/store.ts';
import { repeat } from './repeat.ts';

/** The minimum pause after a batch. */
const MIN_PAUSE_MS = 5;

/**
 * Removes log lines beyond the limits from all rooms, repeatedly and in small batches. After each batch it pauses for as
 * long as the batch took, so that it uses at most half of the time and yields to other work.
 */
export function startRetention(deps: {
  removeOldLines: RemoveOldLines;
  onError: (error: unknown) => void;
  /** Time between two rounds, in ms. @default 30000 */
  intervalMs?: number;
}): { stop(): void } {
  const stopping = new AbortController();
  let next: string | null = null;

  async function round(): Promise<void> {
    do {
      const startedAt = performance.now();
      ({ next } = await deps.removeOldLines(next));
      const pauseMs = Math.max(MIN_PAUSE_MS, performance.now() - startedAt);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    } while (next !== null && !stopping.signal.aborted);
  }

  const rounds = repeat(round, deps.intervalMs ?? 30_000, (error) => {
    if (!stopping.signal.aborted) deps.onError(error);
  });
  return {
    // Does not wait: a batch in progress is committed or rolled back as a whole.
    stop() {
      stopping.abort();
      void rounds.stop();
    },
  };
}
