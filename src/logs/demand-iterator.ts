import type { PipeableIterator, Sink } from '../orchestrator/ports/log.ts';

/** Where a pull iterator gets its items. */
export type DemandSource = {
  /** Called at the first `next()`, or by `flowTo`; until then nothing is held. */
  open(): void;
  /** Called once after `open`, whichever way the iterator ends. */
  close(): void;
  /** Whether `load` would find items now. When it says no, someone will `push` or `pump` later. */
  canLoad(): boolean;
  /** Pushes what it finds. Never called twice at once, nor while items wait to be taken, nor unless one is wanted. */
  load(): Promise<void>;
  /** `load` threw; it is not called again before `resume`. */
  failed(error: unknown): void;
};

export type DemandIterator<T> = {
  iterator: PipeableIterator<T>;
  /** Hands an item to whoever waits, or to the sink; else keeps it until it is taken. */
  push(item: T): void;
  /** Whether there is a sink that takes nothing now. What can be read again later should not be pushed then. */
  isBlocked(): boolean;
  /** Items that wait to be taken. */
  kept(): number;
  /** No more will come; those kept can still be taken. */
  end(): void;
  /** Loads, if an item is wanted and there is something to load. */
  pump(): void;
  /** `pump`, also after a failure. */
  resume(): void;
};

/**
 * An async iterator that reads only when it is asked: a consumer that is slow, or gone, costs nothing. `return()`
 * settles at once and ends a `next()` that waits; a `load` under way then finds nobody to push to. To a sink it hands
 * items as they come, as long as the sink is ready.
 */
export function createDemandIterator<T>(source: DemandSource): DemandIterator<T> {
  const kept: T[] = [];
  const waiting: ((result: IteratorResult<T>) => void)[] = [];
  let sink: Sink<T> | null = null;
  let isOpen = false;
  let isOver = false;
  let isLoading = false;
  let hasFailed = false;
  const done: IteratorResult<T> = { done: true, value: undefined };

  const isBlocked = () => sink !== null && !sink.isReady();
  const isWanted = () => (sink === null ? waiting.length > 0 : kept.length === 0 && sink.isReady());

  function open(): void {
    if (isOpen || isOver) return;
    isOpen = true;
    source.open();
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    for (const give of waiting.splice(0)) give(done);
    if (isOpen) source.close();
    if (kept.length === 0) endSink();
  }

  function endSink(): void {
    const ended = sink;
    sink = null;
    ended?.end();
  }

  function pump(): void {
    if (!isLoading) void loadWhileWanted();
  }

  /** The sink is ready again: first what was kept for it. */
  function resumeSink(): void {
    while (kept.length > 0 && sink?.isReady()) sink.write(kept.shift() as T);
    if (kept.length > 0) return;
    if (isOver) endSink();
    else pump();
  }

  async function loadWhileWanted(): Promise<void> {
    isLoading = true;
    try {
      while (!isOver && !hasFailed && isWanted() && source.canLoad()) await source.load();
    } catch (error) {
      hasFailed = true;
      if (!isOver) source.failed(error);
    }
    isLoading = false;
  }

  async function stop(): Promise<IteratorResult<T>> {
    kept.length = 0;
    sink = null;
    end();
    return done;
  }

  const iterator: PipeableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      open();
      if (kept.length > 0) return { done: false, value: kept.shift() as T };
      if (isOver) return done;
      return new Promise((give) => {
        waiting.push(give);
        pump();
      });
    },
    pipeTo(next) {
      sink = next;
      if (isOver) endSink();
      open();
      pump();
      return { resume: resumeSink };
    },
    return: stop,
    async throw(error) {
      await stop();
      throw error;
    },
  };

  return {
    iterator,
    push(item) {
      if (isOver) return;
      if (sink !== null && kept.length === 0 && sink.isReady()) return sink.write(item);
      const give = waiting.shift();
      if (give) give({ done: false, value: item });
      else kept.push(item);
    },
    isBlocked,
    kept: () => kept.length,
    end,
    pump,
    resume() {
      hasFailed = false;
      pump();
    },
  };
}
