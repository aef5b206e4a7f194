import type { LogLine, NewLogLine } from './domain/log-line.ts';

/** Lines that may wait to be written before the agent's body is no longer read. */
const MAX_WAITING = 1_000;
/** Lines in one statement. */
const MAX_BATCH = 500;

export type LineWriter = {
  /** Settles at once while fewer than 1,000 lines wait; beyond that an agent is slowed down to the pace of Postgres. */
  write(line: NewLogLine): Promise<void>;
  /**
   * Settles when no statement is in progress, with the lines still to be written, at most one batch: the caller writes
   * them in the statement that ends the attempt. Should that fail, `drain` still writes them.
   * @throws what `append` threw: the lines from there on are not in the log.
   */
  rest(): Promise<NewLogLine[]>;
  /**
   * Settles when every line is committed, or the lease is lost.
   * @throws as `rest`
   */
  drain(): Promise<void>;
};

/** Writes an attempt's lines in order, one statement at a time. Lines that arrive meanwhile share the next statement. */
export function createLineWriter(log: {
  /** Null when the lease is lost: nothing more is written then. */
  append: (lines: readonly NewLogLine[]) => Promise<LogLine[] | null>;
  onWritten: (lines: readonly LogLine[]) => void;
  onLeaseLost: () => void;
}): LineWriter {
  let waiting: NewLogLine[] = [];
  let isScheduled = false;
  let flushing: Promise<void> | null = null;
  /** How many lines may be left to the caller. */
  let mayRemain = 0;
  let isClosed = false;
  let failure: unknown = null;

  async function writeWaiting(): Promise<void> {
    while (waiting.length > mayRemain && !isClosed) {
      const batch = waiting.slice(0, MAX_BATCH);
      const lines = await log.append(batch).catch((error: unknown) => {
        // Metadata that Postgres refuses must not cost the messages.
        if (batch.every((line) => line.metadata === null)) throw error;
        return log.append(batch.map((line) => ({ ...line, metadata: null })));
      });
      waiting = waiting.slice(batch.length);
      if (lines === null) {
        isClosed = true;
        log.onLeaseLost();
      } else log.onWritten(lines);
    }
  }

  function flush(): Promise<void> {
    flushing ??= writeWaiting()
      .catch((error: unknown) => {
        isClosed = true;
        failure = error;
      })
      .finally(() => {
        flushing = null;
      });
    return flushing;
  }

  /** Not at once: more lines were read along with this one, and perhaps the result. */
  function scheduleFlush(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void flush();
    });
  }

  async function flushAllBut(count: number): Promise<void> {
    mayRemain = count;
    while (!isClosed && (flushing !== null || waiting.length > count)) await flush();
    if (failure !== null) throw failure;
  }

  return {
    async write(line) {
      if (isClosed) return;
      waiting.push(line);
      if (waiting.length >= MAX_WAITING) await flush();
      else scheduleFlush();
    },
    async rest() {
      await flushAllBut(MAX_BATCH);
      return isClosed ? [] : [...waiting];
    },
    drain: () => flushAllBut(0),
  };
}
