import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';

/** Receives what happens in a watched room. Called synchronously; must not throw. */
export type FeedListener = {
  /** The feed's next line. Usually its `seq` follows the last one; a listener that needs every line checks. */
  onLine(line: LogLine): void;
  /** Postgres answered: lines up to `head` can be read, whether or not `onLine` received them. */
  onHead(head: number): void;
  /** The hub is closing. */
  onEnd(): void;
};

export type ReaderLimits = {
  /** Lines read from Postgres at once. */
  pageLines: number;
  /** Lines buffered for a live reader. One that falls further behind reads Postgres again. */
  bufferedLines: number;
};

export const DEFAULT_READER_LIMITS: ReaderLimits = { pageLines: 500, bufferedLines: 256 };

export type Feed = {
  listeners: Set<FeedListener>;
  /** `seq` of the last line passed on; null until the feed has learned the room's head. */
  head(): number | null;
  /** A line arrived by pub/sub. */
  receive(line: LogLine): void;
  /** Postgres reported this head for the room, at some time before now. */
  confirmHead(head: number): void;
  /** Ends all listeners. */
  close(): void;
};

/**
 * Passes a room's lines on to its listeners, each at most once and in order. The line after the head is passed on at
 * once, and one at or below the head never. When a line above that arrives, the lines between are read from Postgres,
 * once for all listeners.
 */
export function createFeed(deps: {
  roomId: string;
  logs: LogReader;
  pageLines: number;
  onError: (error: unknown) => void;
}): Feed {
  const { roomId, logs, pageLines, onError } = deps;
  const listeners = new Set<FeedListener>();
  let head: number | null = null;
  /** The highest `seq` known to exist. While it is above `head`, lines are missing. */
  let known = 0;
  let isCatchingUp = false;
  let isClosed = false;

  function pass(line: LogLine): void {
    if (head === null || line.seq <= head) return;
    head = line.seq;
    for (const listener of listeners) listener.onLine(line);
  }

  async function catchUp(): Promise<void> {
    if (isCatchingUp) return;
    isCatchingUp = true;
    try {
      while (!isClosed && head !== null && head < known) {
        const target = known;
        const lines = await logs.readAfter(roomId, head, pageLines);
        if (isClosed) return;
        for (const line of lines) pass(line);
        // The lines were removed or never existed. The next line or head to arrive shows where the log stands.
        if (lines.length === 0 && known === target) known = head;
      }
    } catch (error) {
      onError(error);
    } finally {
      isCatchingUp = false;
    }
  }

  return {
    listeners,
    head: () => head,
    receive(line) {
      if (line.seq - 1 === head) return pass(line);
      known = Math.max(known, line.seq);
      void catchUp();
    },
    confirmHead(seq) {
      known = Math.max(known, seq);
      // The first head only marks where the feed begins: listeners read up to there themselves.
      head ??= seq;
      for (const listener of listeners) listener.onHead(head);
      void catchUp();
    },
    close() {
      isClosed = true;
      for (const listener of listeners) listener.onEnd();
    },
  };
}
