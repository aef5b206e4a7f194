import type { LogLine, NewLogLine } from './domain/log-line.ts';

/** Lines that may wait to be written before the agent's body is no longer read on. */
const MAX_WAITING = 1_000;
/** Lines of one statement. */
const MAX_BATCH = 500;

export type LineWriter = {
  /** Settles at once while there is room; an agent that writes faster than Postgres takes is slowed down. */
  write(line: NewLogLine): Promise<void>;
  /**
   * Settles when every line is committed, or the lease is lost.
   * @throws what `append` threw: the lines from there on are not in the log.
   */
  drain(): Promise<void>;
};

/**
 * Writes an agent's lines in order, those that come together in one statement.
 * @param append null when the lease is lost: nothing more is written then.
 */
export function createLineWriter(
  append: (lines: readonly NewLogLine[]) => Promise<LogLine[] | null>,
  written: (lines: readonly LogLine[]) => void,
  lost: () => void,
): LineWriter {
  let waiting: NewLogLine[] = [];
  let flushing: Promise<void> | null = null;
  let closed = false;
  let failure: unknown = null;

  async function flush(): Promise<void> {
    while (waiting.length > 0 && !closed) {
      const batch = waiting.slice(0, MAX_BATCH);
      const lines = await append(batch).catch((error: unknown) => {
        // Metadata that Postgres refuses must not cost the words.
        if (batch.every((line) => line.metadata === null)) throw error;
        return append(batch.map((line) => ({ ...line, metadata: null })));
      });
      waiting = waiting.slice(batch.length);
      if (lines === null) {
        closed = true;
        lost();
      } else written(lines);
    }
  }

  function begin(): Promise<void> {
    flushing ??= flush()
      .catch((error: unknown) => {
        closed = true;
        failure = error;
      })
      .finally(() => {
        flushing = null;
      });
    return flushing;
  }

  return {
    async write(line) {
      if (closed) return;
      waiting.push(line);
      const flushed = begin();
      if (waiting.length >= MAX_WAITING) await flushed;
    },
    async drain() {
      while (!closed && (flushing !== null || waiting.length > 0)) await begin();
      if (failure !== null) throw failure;
    },
  };
}
