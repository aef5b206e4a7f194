import {
  type NextOutput,
  nextChannel,
  nextOutput,
  type OutputPosition,
} from '../../orchestrator/domain/output-position.ts';
import { latestText, type StepText, withPiece } from '../../orchestrator/domain/step-output.ts';
import type { StepId } from '../../orchestrator/ports/dispatch.ts';
import type { KnownOutput, PublishedOutput } from '../../orchestrator/ports/output.ts';

/** Receives what happens to a watched step's output. Called synchronously; must not throw. */
export type OutputListener = {
  /** There may be more to read. */
  onChange(): void;
  /** The hub is closing, or the step is gone. */
  onEnd(): void;
};

/** What is known of a watched step's text, for all its watchers in this process. */
export type OutputFeed = {
  listeners: Set<OutputListener>;
  /** Null until it was read. */
  text(): StepText | null;
  /**
   * What comes after a position; null if nothing does. Watchers at the same position get the same object.
   * @param only the watched channel; null: all of them
   */
  next(position: OutputPosition, only: string | null): NextOutput | null;
  receive(output: PublishedOutput): void;
  /** Reads Postgres, by a statement that begins after this call. */
  read(): void;
  isClosed(): boolean;
  /** The number of the last read that began, and of the last one that was answered. */
  reads(): { begun: number; answered: number };
  close(): void;
};

/** Events that are kept to be shared. Watchers that keep up are at one position; slow ones may be anywhere. */
const MAX_EVENTS = 32;

export function createOutputFeed(deps: {
  step: StepId;
  read: (known: KnownOutput) => Promise<StepText | null>;
  onError: (error: unknown) => void;
}): OutputFeed {
  const { step, read, onError } = deps;
  const listeners = new Set<OutputListener>();
  /** Events by position, until the text changes. */
  const events = new Map<string, NextOutput>();
  let text: StepText | null = null;
  let begun = 0;
  let answered = 0;
  let isReading = false;
  let isStale = false;
  let isClosed = false;

  function update(next: StepText): void {
    if (next !== text) events.clear();
    text = next;
    for (const listener of listeners) listener.onChange();
  }

  function close(): void {
    isClosed = true;
    for (const listener of listeners) listener.onEnd();
  }

  async function readWhileStale(): Promise<void> {
    isReading = true;
    try {
      while (isStale && !isClosed && text?.isEnded !== true) {
        isStale = false;
        begun += 1;
        const found = await read({ ...step, call: text?.call ?? -1, length: totalLength(text) });
        answered = begun;
        if (isClosed) return;
        if (found === null) return close();
        update(latestText(text, found));
      }
    } catch (error) {
      onError(error);
    } finally {
      isReading = false;
    }
  }

  function readSoon(): void {
    isStale = true;
    if (!isReading) void readWhileStale();
  }

  return {
    listeners,
    text: () => text,
    next(position, only) {
      const channel = text && nextChannel(text, position, only);
      if (text === null || channel === null) return null;
      const key = `${channel}\n${position.key}`;
      const known = events.get(key);
      if (known !== undefined) return known;
      const next = nextOutput(step, text, position, channel);
      if (events.size === MAX_EVENTS) events.clear();
      events.set(key, next);
      return next;
    },
    receive({ attempt, call, pieces }) {
      let next = text;
      for (const piece of pieces) {
        // Before the first read it is unknown what came before the piece.
        next = next && withPiece(next, { ...piece, attempt, call });
        if (next === null) return readSoon();
      }
      if (next !== null && next !== text) update(next);
    },
    read: readSoon,
    isClosed: () => isClosed,
    reads: () => ({ begun, answered }),
    close,
  };
}

function totalLength(text: StepText | null): number {
  return [...(text?.texts.values() ?? [])].reduce((sum, { length }) => sum + length, 0);
}
