/** Where a pull iterator gets its items. */
export type PullSource = {
  /** Called at the first `next()`; until then nothing is held. */
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

export type PullIterator<T> = {
  iterator: AsyncIterableIterator<T>;
  /** Hands an item to whoever waits, else keeps it until it is taken. */
  push(item: T): void;
  /** Items that wait to be taken. */
  kept(): number;
  /** No more will come; those kept can still be taken. */
  end(): void;
  /** Loads, if somebody waits and there is something to load. */
  pump(): void;
  /** `pump`, also after a failure. */
  resume(): void;
};

/**
 * An async iterator that reads only when it is asked: a consumer that is slow, or gone, costs nothing. `return()`
 * settles at once and ends a `next()` that waits; a `load` under way then finds nobody to push to.
 */
export function createPullIterator<T>(source: PullSource): PullIterator<T> {
  const kept: T[] = [];
  const waiting: ((result: IteratorResult<T>) => void)[] = [];
  let isOpen = false;
  let isOver = false;
  let isLoading = false;
  let hasFailed = false;
  const done: IteratorResult<T> = { done: true, value: undefined };

  function end(): void {
    if (isOver) return;
    isOver = true;
    for (const give of waiting.splice(0)) give(done);
    if (isOpen) source.close();
  }

  function pump(): void {
    if (!isLoading) void loadWhileWanted();
  }

  async function loadWhileWanted(): Promise<void> {
    isLoading = true;
    try {
      while (!isOver && !hasFailed && waiting.length > 0 && source.canLoad()) await source.load();
    } catch (error) {
      hasFailed = true;
      if (!isOver) source.failed(error);
    }
    isLoading = false;
  }

  async function stop(): Promise<IteratorResult<T>> {
    kept.length = 0;
    end();
    return done;
  }

  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      if (!isOpen && !isOver) {
        isOpen = true;
        source.open();
      }
      if (kept.length > 0) return { done: false, value: kept.shift() as T };
      if (isOver) return done;
      return new Promise((give) => {
        waiting.push(give);
        pump();
      });
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
      const give = waiting.shift();
      if (give) give({ done: false, value: item });
      else kept.push(item);
    },
    kept: () => kept.length,
    end,
    pump,
    resume() {
      hasFailed = false;
      pump();
    },
  };
}
