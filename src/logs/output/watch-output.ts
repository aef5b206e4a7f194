import { OUTPUT_START, type OutputPosition, positionAt } from '../../orchestrator/domain/output-position.ts';
import type { OutputEvent } from '../../orchestrator/domain/step-output.ts';
import type { PipeableIterator } from '../../orchestrator/ports/log.ts';
import { createDemandIterator } from '../demand-iterator.ts';
import type { OutputFeed } from './output-feed.ts';
import type { OutputHub, WatchedStep } from './output-hub.ts';

export type OutputRange = {
  /** The watched channel; null: all of them. */
  channel: string | null;
  /** The position of an earlier watcher, or an offset into whatever the text is now. */
  from: OutputPosition | number;
};

/**
 * A step's text from a position on, then more as it is written; ends with the step. A watcher holds nothing but its
 * position: one that is slow gets what was written meanwhile in one piece.
 */
export function watchOutput(
  hub: OutputHub,
  step: WatchedStep,
  { channel, from }: OutputRange,
): PipeableIterator<OutputEvent> {
  let position = typeof from === 'number' ? null : from;
  let subscription: { feed: OutputFeed; unsubscribe: () => void } | null = null;
  /** An offset may be of text that this process has not received yet, so the first read must begin after the start. */
  let firstRead = 0;

  const demand = createDemandIterator<OutputEvent>({
    open() {
      subscription = hub.subscribe(step, { onChange: demand.load, onEnd: demand.end });
      const { feed } = subscription;
      if (typeof from !== 'number' || from === 0) return;
      firstRead = feed.reads().begun + 1;
      feed.read();
    },
    close: () => subscription?.unsubscribe(),
    canLoad: () => subscription !== null && canLoad(subscription.feed),
    async load() {
      if (subscription !== null) load(subscription.feed);
    },
    onError(error) {
      throw error;
    },
  });

  function canLoad(feed: OutputFeed): boolean {
    const text = feed.text();
    if (text === null) return false;
    position ??= startIn(feed);
    return position !== null && (text.isEnded || feed.next(position, channel) !== null);
  }

  function startIn(feed: OutputFeed): OutputPosition | null {
    const text = feed.text();
    if (text === null) return null;
    if (from === 0) return OUTPUT_START;
    const isRead = text.isEnded || feed.reads().answered >= firstRead;
    return isRead && typeof from === 'number' ? positionAt(text, from) : null;
  }

  function load(feed: OutputFeed): void {
    const next = position && feed.next(position, channel);
    if (next === null) demand.end();
    else {
      position = next.position;
      demand.push(next.event);
    }
  }

  return demand.iterator;
}
