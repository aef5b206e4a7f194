import { logChannel } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { createFeed, DEFAULT_READER_LIMITS, type Feed, type FeedListener, type ReaderLimits } from './feed.ts';
import { createHeadPoller, type SetTimer, setTimer } from './head-poller.ts';
import { decodeLogLine } from './log-line-codec.ts';

/** One listener's subscription to a room's feed. */
export type FeedSubscription = {
  /** `seq` of the last line the feed passed on; null until it has learned the room's head. */
  head(): number | null;
  /** Reports that the listener's own read of Postgres failed. Its `onHead` is called when Postgres answers again. */
  readFailed(error: unknown): void;
  unsubscribe(): void;
};

/**
 * Receives new lines of the rooms that this process watches, and of no others. There is one hub per process, and one
 * feed per watched room.
 *
 * Why no feed misses a line: the feed is registered, then SUBSCRIBE is sent, then acknowledged, then a statement begins
 * that reads the room's head. A line committed before that statement began is at or below the head that it finds. A
 * line committed later is published after the acknowledgement, so it is received, or lost on the way. A lost line shows
 * as a gap at the next line, at a reconnection or at the next poll, whichever comes first. Lines become visible in
 * Postgres in `seq` order, so "above the head" is the same as "not seen yet".
 */
export type Hub = {
  /**
   * From now on the listener receives the room's lines. Reading what was committed before is up to the listener. If the
   * feed does not know the room's head yet, it calls `onHead` as soon as it does.
   */
  subscribe(roomId: string, listener: FeedListener): FeedSubscription;
  stats(): { feeds: number; watchers: number };
  /** Ends all listeners, and those that subscribe later. */
  close(): void;
};

export type HubDeps = {
  logs: LogReader;
  /** Makes lines arrive promptly. The hub never relies on it for completeness. */
  pubsub: Pick<PubSub, 'subscribe' | 'onReconnect'>;
  /** How often all watched rooms are checked, in ms. @default 2000 */
  pollMs?: number;
  limits?: ReaderLimits;
  /** Called with the first error of a series. A series ends when Postgres answers. */
  onError: (error: unknown) => void;
  /** Called with each line that pub/sub brings. @default nobody is told */
  onReceived?: (committedAt: Date) => void;
  setTimer?: SetTimer;
};

type WatchedRoom = { feed: Feed; unsubscribe: (() => void) | null };

export function createHub(deps: HubDeps): Hub {
  const { logs, pubsub, pollMs = 2_000, limits = DEFAULT_READER_LIMITS, onError } = deps;
  const rooms = new Map<string, WatchedRoom>();
  let hasFailed = false;
  let isClosed = false;

  const poller = createHeadPoller({
    logs,
    watchedRooms: () => rooms.keys(),
    onHead: (roomId, head) => rooms.get(roomId)?.feed.confirmHead(head),
    onError: readFailed,
    onAnswer: () => {
      hasFailed = false;
    },
    pollMs,
    setTimer: deps.setTimer ?? setTimer,
  });
  pubsub.onReconnect(() => poller.check(rooms.keys()));

  function readFailed(error: unknown): void {
    if (!hasFailed) onError(error);
    hasFailed = true;
  }

  function open(roomId: string): WatchedRoom {
    const feed = createFeed({ roomId, logs, pageLines: limits.pageLines, onError: readFailed });
    const room: WatchedRoom = { feed, unsubscribe: null };
    rooms.set(roomId, room);
    poller.start();
    pubsub
      .subscribe(logChannel(roomId), (message) => {
        const line = decodeLogLine(roomId, message);
        if (line === null) return;
        feed.receive(line);
        deps.onReceived?.(line.timestamp);
      })
      .then((unsubscribe) => {
        if (rooms.get(roomId) !== room) return unsubscribe();
        room.unsubscribe = unsubscribe;
        poller.check([roomId]);
      })
      // Without the channel the poll still serves the room, less promptly.
      .catch(onError);
    return room;
  }

  /** Runs again, from within, when the feed's last listener ends. */
  function close(roomId: string, room: WatchedRoom): void {
    rooms.delete(roomId);
    room.feed.close();
    room.unsubscribe?.();
    room.unsubscribe = null;
    if (rooms.size === 0) poller.stop();
  }

  return {
    subscribe(roomId, listener) {
      if (isClosed) {
        listener.onEnd();
        return { head: () => null, readFailed, unsubscribe: () => undefined };
      }
      const room = rooms.get(roomId) ?? open(roomId);
      const { head, listeners } = room.feed;
      listeners.add(listener);
      return {
        head,
        readFailed,
        unsubscribe() {
          if (listeners.delete(listener) && listeners.size === 0) close(roomId, room);
        },
      };
    },
    stats: () => ({
      feeds: rooms.size,
      watchers: [...rooms.values()].reduce((sum, { feed }) => sum + feed.listeners.size, 0),
    }),
    close() {
      isClosed = true;
      for (const [roomId, room] of [...rooms]) close(roomId, room);
    },
  };
}
