import type { LogLine, NewLogLine } from './domain/log-line.ts';

/** Lines that may wait to be written before the agent's body is no longer read on. */
const MAX_WAITING = 1_000;
/** Lines of one statement. */
const MAX_BATCH = 500;

export type LineWriter = {
  /** Settles at once while there is room; an agent that writes faster than Postgres takes is slowed down. */
  write(line: NewLogLine): Promise<void>;
  /**
   * Settles when no statement is under way, with the lines that are left, one batch at most: the caller writes them along
   * with what ends the attempt. Should that fail, `drain` still writes them.
   * @throws what `append` threw: the lines from there on are not in the log.
   */
  rest(): Promise<NewLogLine[]>;
  /**
   * Settles when every line is committed, or the lease is lost.
   * @throws as `rest`
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
  let soon: NodeJS.Immediate | null = null;
  let flushing: Promise<void> | null = null;
  /** So many may be left to the caller. */
  let leave = 0;
  let closed = false;
  let failure: unknown = null;

  async function flush(): Promise<void> {
    while (waiting.length > leave && !closed) {
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
    if (soon !== null) clearImmediate(soon);
    soon = null;
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

  async function writeAllBut(count: number): Promise<void> {
    leave = count;
    while (!closed && (flushing !== null || waiting.length > count)) await begin();
    if (soon !== null) clearImmediate(soon);
    if (failure !== null) throw failure;
  }

  return {
    async write(line) {
      if (closed) return;
      waiting.push(line);
      if (waiting.length >= MAX_WAITING) await begin();
      // Lines that were read together are still to come, and perhaps the result too.
      else if (flushing === null) soon ??= setImmediate(() => void begin());
    },
    async rest() {
      await writeAllBut(MAX_BATCH);
      return closed ? [] : [...waiting];
    },
    drain: () => writeAllBut(0),
  };
}
