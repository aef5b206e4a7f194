import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';

/** Somebody who watches a room. Called synchronously; must not throw. */
export type FeedListener = {
  /** The feed's next line. Mostly the one after the last; a listener that needs every line checks. */
  line(line: LogLine): void;
  /** Postgres answered; lines up to `head` are there, whether or not they came through `line`. */
  wake(head: number): void;
  /** The hub is closing. */
  end(): void;
};

export type Feed = {
  listeners: Set<FeedListener>;
  /** `seq` up to which the feed has passed on, or null while it has not learned where the room stands. */
  head(): number | null;
  /** A line was heard. */
  heard(line: LogLine): void;
  /** Postgres says that the room's log reached `head`, at some time before now. */
  found(head: number): void;
  /** Called once at `close`. */
  onClose(task: () => void): void;
  close(): void;
};

/**
 * Passes a room's lines on to its listeners, each at most once and in order: the one after the head at once, one at or
 * below it never, and for one above it the lines between are read from Postgres, once for all listeners.
 */
export function createFeed(deps: {
  roomId: string;
  logs: LogReader;
  /** Lines read at once. */
  pageLines: number;
  failed: (error: unknown) => void;
}): Feed {
  const { roomId, logs, pageLines, failed } = deps;
  const listeners = new Set<FeedListener>();
  let head: number | null = null;
  /** The highest `seq` known to exist; above `head` there is something to catch up with. */
  let known = 0;
  let isCatchingUp = false;
  let isClosed = false;
  const atClose: (() => void)[] = [];

  function pass(line: LogLine): void {
    if (head === null || line.seq <= head) return;
    head = line.seq;
    for (const listener of listeners) listener.line(line);
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
        // They were promised but are not there (removed, or never were): the next line heard or found decides.
        if (lines.length === 0 && known === target) known = head;
      }
    } catch (error) {
      failed(error);
    } finally {
      isCatchingUp = false;
    }
  }

  return {
    listeners,
    head: () => head,
    heard(line) {
      if (line.seq - 1 === head) return pass(line);
      known = Math.max(known, line.seq);
      void catchUp();
    },
    found(seq) {
      known = Math.max(known, seq);
      // Where a feed begins it passes nothing on: its listeners read up to there by themselves.
      head ??= seq;
      for (const listener of listeners) listener.wake(head);
      void catchUp();
    },
    onClose: (task) => void atClose.push(task),
    close() {
      isClosed = true;
      for (const listener of listeners) listener.end();
      for (const task of atClose.splice(0)) task();
    },
  };
}
