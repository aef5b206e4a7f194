import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { removedLines } from '../orchestrator/domain/removed-lines.ts';
import type { LogReader, PipeableIterator } from '../orchestrator/ports/log.ts';
import { createDemandIterator } from './demand-iterator.ts';
import type { FeedSubscription, Hub } from './hub.ts';

export type LineRange = {
  roomId: string;
  /** The first line is the one after. */
  after: number;
  /** The last line, when it is known; Infinity when the range has no end (yet). */
  upTo: number;
  /** Whose lines are missing where old ones were removed, and `next` is the first that is left, if any is. */
  workflowOfRemoved: (next: LogLine | undefined) => string | Promise<string>;
  /** Whether this line is the range's last, or already one past it. */
  endsAt?: (line: LogLine) => 'last' | 'past' | null;
  /** Lines that are not selected are passed over. They count for everything else. */
  selects?: (line: LogLine) => boolean;
};

/**
 * A cursor over a room's lines, first from Postgres, then live: each line of the range that is still kept once, in
 * order, and one in the place of those that are not.
 *
 * What makes that true can be read here alone: `last` only grows, by one when a line comes live (any other is not
 * taken), and to the end of a page when Postgres was asked for what follows `last`. A reader is live only while
 * nothing is known to it that it has not taken: it becomes so in the same tick in which it finds itself level with its
 * feed (whose later lines it is therefore told), and stops when it is told a line it cannot take.
 */
export function readLines(hub: Hub, logs: LogReader, range: LineRange): PipeableIterator<LogLine> {
  const { roomId, endsAt, selects } = range;
  const { pageLines, keptLines } = hub.limits;
  let last = range.after;
  let upTo = range.upTo;
  let isLive = false;
  /** Lines asked for at once: fewer where a sink has taken only a part of the last page, then more again. */
  let limit = pageLines;
  let seat: FeedSubscription | null = null;

  const puller = createDemandIterator<LogLine>({
    open() {
      if (last >= upTo) return puller.end();
      seat = hub.subscribe(roomId, { line, wake, end: () => puller.end() });
    },
    close: () => seat?.unsubscribe(),
    canLoad: () => !isLive,
    load: page,
    failed: hub.failed,
  });

  async function page(): Promise<void> {
    // A page that is asked for when the feed is at `head` holds every line up to there that is still kept.
    const head = seat?.head() ?? 0;
    const kept = await logs.readAfter(roomId, last, limit);
    const lines = [...(await removedBefore(kept[0], head)), ...kept];
    for (const [taken, line] of lines.entries()) {
      if (puller.isBlocked()) {
        // What is not taken now is read again.
        limit = Math.max(1, taken);
        return;
      }
      take(line);
    }
    const isFull = kept.length === limit;
    limit = Math.min(pageLines, limit * 2);
    if (!isFull) moveTo(head);
    isLive = isLevelWith(seat?.head() ?? null, isFull);
  }

  /** Lines are removed from the front of a log: what is missing before the first of a page was, and there is no more. */
  async function removedBefore(next: LogLine | undefined, head: number): Promise<LogLine[]> {
    const to = Math.min(next === undefined ? head : next.seq - 1, upTo);
    if (to <= last) return [];
    const workflowId = await range.workflowOfRemoved(next);
    return [removedLines({ roomId, workflowId }, { from: last + 1, to }, next?.timestamp ?? new Date())];
  }

  /** While the feed does not know where the room stands, it will wake us as soon as it does. */
  function isLevelWith(head: number | null, isFull: boolean): boolean {
    return head === null ? !isFull : last >= head;
  }

  function take(line: LogLine): void {
    const end = endsAt?.(line) ?? null;
    if (end === 'past') upTo = last;
    else if (end === 'last') upTo = line.seq;
    if (line.seq <= upTo && (selects?.(line) ?? true)) puller.push(line);
    moveTo(line.seq);
  }

  function moveTo(seq: number): void {
    last = Math.max(last, seq);
    if (last >= upTo) puller.end();
  }

  function line(line: LogLine): void {
    if (!isLive || line.seq <= last) return;
    if (line.seq === last + 1 && puller.kept() < keptLines && !puller.isBlocked()) take(line);
    else fallBack();
  }

  function wake(head: number): void {
    if (isLive && last < head) fallBack();
    puller.resume();
  }

  function fallBack(): void {
    isLive = false;
    puller.pump();
  }

  return puller.iterator;
}
