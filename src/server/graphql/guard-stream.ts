/** A subscription's results on their way out. `return` may be called at any time, and more than once. */
export type GuardedStream<T> = {
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): GuardedStream<T>;
};

export type StreamGuards<T> = {
  /** The source threw: what to send as the last result, or throw what the transport should report. */
  onError: (error: unknown) => T;
  /** The source threw while it was being closed, when nobody is left to be told. */
  onCloseError: (error: unknown) => void;
};

/**
 * Stands between an execution and a transport: the source is closed exactly once, and an error of its closing never
 * reaches the transport, where it would end a socket that others share, or the process.
 */
export function guardStream<T>(source: AsyncIterable<T>, { onError, onCloseError }: StreamGuards<T>): GuardedStream<T> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;

  const end = async (): Promise<IteratorResult<T, undefined>> => {
    if (!ended) {
      ended = true;
      try {
        await iterator.return?.();
      } catch (error) {
        onCloseError(error);
      }
    }
    return { done: true, value: undefined };
  };

  return {
    async next() {
      if (ended) return end();
      try {
        const result = await iterator.next();
        return result.done ? await end() : result;
      } catch (error) {
        // An error that comes after the closing is about something nobody waits for.
        if (ended) return end();
        await end();
        return { done: false, value: onError(error) };
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
