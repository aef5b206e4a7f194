import { logChannel } from '../orchestrator/domain/log-line.ts';
import type { LogReader } from '../orchestrator/ports/log.ts';
import type { Channels } from './channels.ts';
import { createFeed, type Feed, type FeedListener } from './feed.ts';
import { createHeadPoller, later, type Timer } from './head-poller.ts';
import { decodeLogLine } from './log-line-codec.ts';

/** A listener's place at a room's feed. */
export type FeedSubscription = {
  /** `seq` up to which the feed has passed lines on; null until it has learned where the room stands. */
  head(): number | null;
  unsubscribe(): void;
};

/**
 * One a process: hears of new lines in the rooms that somebody here watches, and only in those.
 *
 * Why no line is missed, for any feed: it is registered, then SUBSCRIBE is sent, then acknowledged, then a statement
 * begins that reads the room's head. A line that was committed when that statement began is at or below the head it
 * finds. A line committed later is published later than the acknowledgement, so it is heard, or lost on the way. One
 * that was lost shows as a gap at the next line, at a reconnection or at the next poll, whichever is first. Lines
 * become visible in Postgres in `seq` order, so "above the head" is the same as "not seen yet".
 */
export type Hub = {
  /**
   * From now on the listener is told of the room's lines. Everything committed before the call is its own business to
   * read; it is woken once the feed knows where the room stands, if it did not yet.
   */
  subscribe(roomId: string, listener: FeedListener): FeedSubscription;
  /** A read of Postgres failed; who reports it here is woken when Postgres answers again. */
  failed(error: unknown): void;
  limits: HubLimits;
  stats(): { feeds: number; watchers: number };
  /** Ends all listeners; who joins later is ended at once. */
  close(): void;
};

export type HubLimits = {
  /** Lines read from Postgres at once. @default 500 */
  pageLines: number;
  /** Lines that may wait in memory for a live reader; one that is further behind reads Postgres. @default 256 */
  keptLines: number;
};

export type HubDeps = {
  logs: LogReader;
  channels: Channels;
  /** How often all watched rooms are looked at, in ms. @default 2000 */
  pollMs?: number;
  limits?: HubLimits;
  /** Called with the first failure of a row of them; the next after Postgres answered counts as new. */
  onError: (error: unknown) => void;
  setTimer?: Timer;
};

export function createHub(deps: HubDeps): Hub {
  const { logs, channels, pollMs = 2_000, limits = { pageLines: 500, keptLines: 256 }, onError: onTrouble } = deps;
  const feeds = new Map<string, Feed>();
  let isTroubled = false;
  let isClosed = false;

  const checks = createHeadPoller({
    logs,
    watched: () => feeds.keys(),
    found: (roomId, head) => feeds.get(roomId)?.found(head),
    failed,
    answered: () => {
      isTroubled = false;
    },
    pollMs,
    later: deps.setTimer ?? later,
  });
  channels.onReconnect(() => checks.check(feeds.keys()));

  function failed(error: unknown): void {
    if (!isTroubled) onTrouble(error);
    isTroubled = true;
  }

  function open(roomId: string): Feed {
    const feed = createFeed({ roomId, logs, pageLines: limits.pageLines, failed });
    feeds.set(roomId, feed);
    checks.start();
    const isOpen = () => feeds.get(roomId) === feed;
    channels
      .subscribe(logChannel(roomId), (message) => {
        const line = decodeLogLine(roomId, message);
        if (line !== null) feed.heard(line);
      })
      .then((unsubscribe) => {
        if (!isOpen()) return unsubscribe();
        feed.onClose(unsubscribe);
        checks.check([roomId]);
      })
      // The poll serves the room then, if later.
      .catch(onTrouble);
    return feed;
  }

  function close(roomId: string, feed: Feed): void {
    feeds.delete(roomId);
    feed.close();
    if (feeds.size === 0) checks.stop();
  }

  return {
    subscribe(roomId, listener) {
      if (isClosed) {
        listener.end();
        return { head: () => null, unsubscribe: () => undefined };
      }
      const feed = feeds.get(roomId) ?? open(roomId);
      feed.listeners.add(listener);
      return {
        head: feed.head,
        unsubscribe() {
          if (feed.listeners.delete(listener) && feed.listeners.size === 0) close(roomId, feed);
        },
      };
    },
    failed,
    limits,
    stats: () => ({
      feeds: feeds.size,
      watchers: [...feeds.values()].reduce((sum, feed) => sum + feed.listeners.size, 0),
    }),
    close() {
      isClosed = true;
      for (const [roomId, feed] of [...feeds]) close(roomId, feed);
    },
  };
}
