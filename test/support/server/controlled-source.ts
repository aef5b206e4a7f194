/** The source of a subscription whose values, errors and end come from the test. */
export type ControlledSource<T> = {
  /** Opens the stream. A source has one stream only. */
  open(): AsyncIterableIterator<T>;
  push(value: T): void;
  /** Makes the next read reject with this error. */
  fail(error: unknown): void;
  end(): void;
  /** Resolves when the first value is requested. */
  readonly opened: Promise<void>;
  /** Resolves when `return` is called. */
  readonly returned: Promise<void>;
};

export function createControlledSource<T>(): ControlledSource<T> {
  const opened = Promise.withResolvers<void>();
  const returned = Promise.withResolvers<void>();
  const queue: Promise<IteratorResult<T>>[] = [];
  let waiting: PromiseWithResolvers<IteratorResult<T>> | null = null;

  const settle = (result: Promise<IteratorResult<T>>): void => {
    // The reader handles a rejection. Until then it must not count as unhandled.
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
