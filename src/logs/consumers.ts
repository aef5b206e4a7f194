import type { Sink } from '../orchestrator/ports/log.ts';

/** Where the items of a demand iterator go: to calls of `next()`, or into a sink. */
export type Consumer<T> = {
  /** Whether it is waiting for an item. */
  hasDemand(): boolean;
  /** Whether it accepts items now. Only a sink can be not ready. */
  isReady(): boolean;
  /** Hands the item on, or buffers it. */
  push(item: T): void;
  buffered(): number;
  /** No more items will come. Buffered items can still be taken. */
  end(): void;
  /** The consumer has left: its buffer is dropped, and a sink is not ended. */
  leave(): void;
};

export const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Items are pulled: each call of `next` takes a buffered item, or waits for one.
 * @param onDemand called when `next` waits
 */
export function toAsyncIterator<T>(
  onDemand: () => void,
): Consumer<T> & { next(): IteratorResult<T> | Promise<IteratorResult<T>> } {
  const buffer: T[] = [];
  const requests: ((result: IteratorResult<T>) => void)[] = [];
  let isEnded = false;
  return {
    next() {
      if (buffer.length > 0) return { done: false, value: buffer.shift() as T };
      if (isEnded) return DONE;
      return new Promise((resolve) => {
        requests.push(resolve);
        onDemand();
      });
    },
    hasDemand: () => requests.length > 0,
    isReady: () => true,
    push(item) {
      const resolve = requests.shift();
      if (resolve === undefined) buffer.push(item);
      else resolve({ done: false, value: item });
    },
    buffered: () => buffer.length,
    end() {
      isEnded = true;
      for (const resolve of requests.splice(0)) resolve(DONE);
    },
    leave() {
      buffer.length = 0;
    },
  };
}

/**
 * Items are pushed into the sink while it is ready, and buffered while it is not.
 * @param onDemand called when the sink is ready again and nothing is buffered
 */
export function toSink<T>(sink: Sink<T>, onDemand: () => void): Consumer<T> & { resume(): void } {
  const buffer: T[] = [];
  let isEnded = false;
  let isDetached = false;

  function endSink(): void {
    if (isDetached) return;
    isDetached = true;
    sink.end();
  }

  return {
    resume() {
      while (buffer.length > 0 && sink.isReady()) sink.write(buffer.shift() as T);
      if (buffer.length > 0) return;
      if (isEnded) endSink();
      else onDemand();
    },
    hasDemand: () => buffer.length === 0 && sink.isReady(),
    isReady: () => sink.isReady(),
    push(item) {
      if (buffer.length === 0 && sink.isReady()) sink.write(item);
      else buffer.push(item);
    },
    buffered: () => buffer.length,
    end() {
      isEnded = true;
      if (buffer.length === 0) endSink();
    },
    leave() {
      buffer.length = 0;
      isDetached = true;
    },
  };
}
