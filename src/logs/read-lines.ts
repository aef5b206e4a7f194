import type { LogLine } from '../orchestrator/domain/log-line.ts';
import { removedLines } from '../orchestrator/domain/log-messages.ts';
import type { LogReader, PipeableIterator } from '../orchestrator/ports/log.ts';
import { createDemandIterator } from './demand-iterator.ts';
import { DEFAULT_READER_LIMITS, type ReaderLimits } from './feed.ts';
import type { FeedSubscription, Hub } from './hub.ts';

export type ReadLinesDeps = {
  hub: Hub;
  logs: LogReader;
  limits?: ReaderLimits;
  /** Called when a live reader returns to reading Postgres. @default nobody is told */
  onCatchUp?: () => void;
};

export type LineRange = {
  roomId: string;
  /** The range begins with the line after this `seq`. */
  after: number;
  /** `seq` of the last line; Infinity while the range has no known end. */
  upTo: number;
  /** The workflow to name for lines that were removed; `next` is the first line that is left, if any. */
  workflowOfRemoved: (next: LogLine | undefined) => string | Promise<string>;
  /** Whether this line is the last of the range, or the first one past it. */
  endsAt?: (line: LogLine) => 'last' | 'past' | null;
  /** Lines that are not selected are skipped. They count for everything else. */
  selects?: (line: LogLine) => boolean;
};

/**
 * Reads a room's lines: each line of the range that is still kept, once and in order, and one line in place of those
 * that were removed.
 *
 *                    the page reaches the feed's head
 *     catching up ─────────────────────────────────────▶ live
 *          ▲                                               │
 *          └───────────────────────────────────────────────┘
 *            a line is missing, or the buffer is full, or the sink is not ready
 *
 * While catching up it pages through Postgres and ignores the feed. While live it takes lines from the feed, and only
 * the one that follows `last`. `last` only grows: by one with each live line, and to the end of a page. No line falls
 * between the two states, since it goes live in the same tick in which it finds itself level with the feed, whose later
 * lines it then receives.
 */
export function readLines(deps: ReadLinesDeps, range: LineRange): PipeableIterator<LogLine> {
  const { hub, logs, limits = DEFAULT_READER_LIMITS } = deps;
  const { roomId, endsAt, selects } = range;
  let last = range.after;
  let upTo = range.upTo;
  let isLive = false;
  /** Smaller after a sink took only part of a page, then doubled with each page. */
  let pageLines = limits.pageLines;
  let subscription: FeedSubscription | null = null;

  const demand = createDemandIterator<LogLine>({
    open() {
      if (last >= upTo) return demand.end();
      subscription = hub.subscribe(roomId, { onLine, onHead, onEnd: demand.end });
    },
    close: () => subscription?.unsubscribe(),
    canLoad: () => !isLive,
    load: loadPage,
    onError: (error) => subscription?.readFailed(error),
  });

  async function loadPage(): Promise<void> {
    // The page is requested now, so it holds every line up to this head that is still kept.
    const head = subscription?.head() ?? 0;
    const kept = await logs.readAfter(roomId, last, pageLines);
    const lines = [...(await removedBefore(kept[0], head)), ...kept];
    for (const [taken, line] of lines.entries()) {
      if (!demand.isReady()) {
        // The rest is read again when the sink is ready.
        pageLines = Math.max(1, taken);
        return;
      }
      take(line);
    }
    const isFull = kept.length === pageLines;
    pageLines = Math.min(limits.pageLines, pageLines * 2);
    if (!isFull) advanceTo(head);
    isLive = isLevel(subscription?.head() ?? null, isFull);
  }

  /** Lines are removed from the front of a log only, so the gap before a page's first line is the only one. */
  async function removedBefore(next: LogLine | undefined, head: number): Promise<LogLine[]> {
    const to = Math.min(next === undefined ? head : next.seq - 1, upTo);
    if (to <= last) return [];
    const workflowId = await range.workflowOfRemoved(next);
    return [removedLines({ roomId, workflowId }, { from: last + 1, to }, next?.timestamp ?? new Date())];
  }

  /** A feed that does not know its head yet calls `onHead` as soon as it does. */
  function isLevel(head: number | null, isFull: boolean): boolean {
    return head === null ? !isFull : last >= head;
  }

  function take(line: LogLine): void {
    const end = endsAt?.(line) ?? null;
    if (end === 'past') upTo = last;
    else if (end === 'last') upTo = line.seq;
    if (line.seq <= upTo && (selects?.(line) ?? true)) demand.push(line);
    advanceTo(line.seq);
  }

  function advanceTo(seq: number): void {
    last = Math.max(last, seq);
    if (last >= upTo) demand.end();
  }

  function onLine(line: LogLine): void {
    if (!isLive || line.seq <= last) return;
    const hasRoom = demand.buffered() < limits.bufferedLines && demand.isReady();
    if (line.seq === last + 1 && hasRoom) take(line);
    else catchUp();
  }

  function onHead(head: number): void {
    if (isLive && last < head) catchUp();
    demand.retry();
  }

  function catchUp(): void {
    deps.onCatchUp?.();
    isLive = false;
    demand.load();
  }

  return demand.iterator;
}
