import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import { type Consumer, DONE, toAsyncIterator, toSink } from './consumers.ts';

/** Where a demand iterator gets its items. */
export type DemandSource = {
  /** Called at the first `next()`, or by `pipeTo`. Before that the source must hold nothing. */
  open(): void;
  /** Called once after `open`, however the iterator ends. */
  close(): void;
  /** Whether `load` would find items now. A source that answers no calls `push` or `load` later. */
  canLoad(): boolean;
  /** Pushes the items it finds. Called only while the consumer waits for an item, and never concurrently. */
  load(): Promise<void>;
  /** `load` threw. It is not called again before `retry`. */
  onError(error: unknown): void;
};

/** The source's side of an iterator. */
export type DemandIterator<T> = {
  iterator: PipeableIterator<T>;
  /** Hands an item to the consumer, which buffers what it cannot use yet. */
  push(item: T): void;
  /** Whether the consumer accepts items now. While it does not, push no items that can be read again later. */
  isReady(): boolean;
  /** Items that wait for the consumer. */
  buffered(): number;
  /** No more items will come. Buffered items can still be taken. */
  end(): void;
  /** Calls the source's `load` if the consumer waits for an item and the source can load. */
  load(): void;
  /** The same as `load`, and also after an error. */
  retry(): void;
};

/**
 * An async iterator that loads items only on demand, so a slow or vanished consumer costs nothing. `return()` settles
 * at once and ends a pending `next()`; what a `load` under way pushes after that is dropped.
 */
export function createDemandIterator<T>(source: DemandSource): DemandIterator<T> {
  const pulled = toAsyncIterator<T>(load);
  /** `pipeTo` replaces it. */
  let consumer: Consumer<T> = pulled;
  let isOpen = false;
  let isOver = false;
  let isLoading = false;
  let hasFailed = false;

  function open(): void {
    if (isOpen || isOver) return;
    isOpen = true;
    source.open();
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    if (isOpen) source.close();
    consumer.end();
  }

  function load(): void {
    if (!isLoading) void loadOnDemand();
  }

  async function loadOnDemand(): Promise<void> {
    isLoading = true;
    try {
      while (!isOver && !hasFailed && consumer.hasDemand() && source.canLoad()) await source.load();
    } catch (error) {
      hasFailed = true;
      if (!isOver) source.onError(error);
    }
    isLoading = false;
  }

  async function leave(): Promise<IteratorReturnResult<undefined>> {
    consumer.leave();
    end();
    return DONE;
  }

  const iterator: PipeableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      open();
      return pulled.next();
    },
    pipeTo(sink) {
      const piped = toSink(sink, load);
      consumer = piped;
      if (isOver) piped.end();
      open();
      load();
      return { resume: piped.resume };
    },
    return: leave,
    async throw(error) {
      await leave();
      throw error;
    },
  };

  return {
    iterator,
    push(item) {
      if (!isOver) consumer.push(item);
    },
    isReady: () => consumer.isReady(),
    buffered: () => consumer.buffered(),
    end,
    load,
    retry() {
      hasFailed = false;
      load();
    },
  };
}
