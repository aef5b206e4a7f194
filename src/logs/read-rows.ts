import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import { createDemandIterator } from './demand-iterator.ts';
import type { FeedSubscription, Hub } from './hub.ts';

/** What one read found that is new. `isDone`: nothing more will come. */
export type RowsRead<T> = { items: readonly T[]; isDone: boolean };

/**
 * Follows rows in Postgres that change only together with a line of the orchestrator in their room's log: after each
 * such line it reads the rows again. Changes that come faster than the consumer takes them are read as one.
 *
 * No change is lost, because it subscribes to the feed before the first read. A change that a read does not see is
 * committed after the read began. So its line is above the feed's head of that time and still to come: by `onLine`, or
 * by `onHead` if the feed learns its head only then.
 * @param read finds what is new since the last call. It is never called concurrently; a failed call is repeated.
 */
export function readRows<T>(hub: Hub, roomId: string, read: () => Promise<RowsRead<T>>): PipeableIterator<T> {
  let isStale = true;
  /** `seq` up to which the log is known; a line above it may stand for a change. */
  let seen = -1;
  let subscription: FeedSubscription | null = null;

  const demand = createDemandIterator<T>({
    open() {
      subscription = hub.subscribe(roomId, { onLine, onHead, onEnd: demand.end });
      seen = subscription.head() ?? -1;
    },
    close: () => subscription?.unsubscribe(),
    canLoad: () => isStale,
    load,
    onError(error) {
      isStale = true;
      subscription?.readFailed(error);
    },
  });

  async function load(): Promise<void> {
    // Before the read, so that a change during it makes the rows stale again.
    isStale = false;
    const { items, isDone } = await read();
    for (const item of items) demand.push(item);
    if (isDone) demand.end();
  }

  function onLine({ seq, agentType }: LogLine): void {
    seen = seq;
    if (agentType === 'orchestrator') isStale = true;
    demand.load();
  }

  function onHead(head: number): void {
    if (head > seen) isStale = true;
    seen = head;
    demand.retry();
  }

  return demand.iterator;
}
