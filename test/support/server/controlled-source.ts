/** A subscription's source that a test feeds, and that tells when it was opened and closed. */
export type ControlledSource<T> = {
  /** Opens one stream. The source is made for a single one. */
  open(): AsyncIterableIterator<T>;
  push(value: T): void;
  /** Makes the next read reject. */
  fail(error: unknown): void;
  end(): void;
  /** Settles when somebody waits for the first value. */
  readonly opened: Promise<void>;
  /** Settles when `return` was called. */
  readonly returned: Promise<void>;
};

export function createControlledSource<T>(): ControlledSource<T> {
  const opened = Promise.withResolvers<void>();
  const returned = Promise.withResolvers<void>();
  const queue: Promise<IteratorResult<T>>[] = [];
  let waiting: PromiseWithResolvers<IteratorResult<T>> | null = null;

  const settle = (result: Promise<IteratorResult<T>>): void => {
    // Handled by whoever reads it; until then it is no unhandled rejection.
    result.catch(() => undefined);
    if (waiting === null) queue.push(result);
    else waiting.resolve(result);
    waiting = null;
  };
  const end = () => settle(Promise.resolve({ done: true, value: undefined }));

  return {
    open: () => ({
      next() {
        opened.resolve();
        const ready = queue.shift();
        if (ready !== undefined) return ready;
        waiting = Promise.withResolvers();
        return waiting.promise;
      },
      async return() {
        returned.resolve();
        end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    }),
    push: (value) => settle(Promise.resolve({ done: false, value })),
    fail: (error) => settle(Promise.reject(error)),
    end,
    opened: opened.promise,
    returned: returned.promise,
  };
}
