import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import { createDemandIterator } from './demand-iterator.ts';
import type { FeedSubscription, Hub } from './hub.ts';

/** What a reading found to be told; `isDone`: there will be no more. */
export type RowsRead<T> = { items: readonly T[]; isDone: boolean };

/**
 * Follows rows in Postgres that change only along with a line of the orchestrator in their room's log, by reading them
 * again when there was one. Changes that come faster than the consumer asks are read at once.
 *
 * Nothing is lost between "read" and "told": the place at the feed is taken before the first reading. A change that a
 * reading does not see is committed after it began, so its line is above the feed's head of that time and still to
 * come, by `line` or, if the feed begins only then, by `wake`.
 * @param read finds what is new since its last call. It is not called twice at once; a failed call is made again.
 */
export function readRows<T>(hub: Hub, roomId: string, read: () => Promise<RowsRead<T>>): PipeableIterator<T> {
  let isStale = true;
  /** `seq` up to which the log was looked at; lines above it may stand for changes. */
  let seen = -1;
  let seat: FeedSubscription | null = null;

  const puller = createDemandIterator<T>({
    open() {
      seat = hub.subscribe(roomId, { line, wake, end: () => puller.end() });
      seen = seat.head() ?? -1;
    },
    close: () => seat?.unsubscribe(),
    canLoad: () => isStale,
    load,
    failed(error) {
      isStale = true;
      hub.failed(error);
    },
  });

  async function load(): Promise<void> {
    // Before reading: a change meanwhile makes it stale again.
    isStale = false;
    const { items, isDone } = await read();
    for (const item of items) puller.push(item);
    if (isDone) puller.end();
  }

  function line({ seq, agentType }: LogLine): void {
    seen = seq;
    if (agentType === 'orchestrator') isStale = true;
    puller.pump();
  }

  function wake(head: number): void {
    if (head > seen) isStale = true;
    seen = head;
    puller.resume();
  }

  return puller.iterator;
}
