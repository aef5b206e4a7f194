/** A subscription's results. `return` may be called at any time and repeatedly, and never rejects. */
export type GuardedStream<T> = {
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): GuardedStream<T>;
};

export type StreamGuards<T> = {
  /** The source threw. Returns the last item to send, or throws what the transport should report. */
  onError: (error: unknown) => T;
  /** The source threw while it was closed, when no client is left to receive the error. */
  onCloseError: (error: unknown) => void;
};

/**
 * Wraps the stream that a transport reads. The source is closed exactly once, and an error during that never reaches
 * the transport, where it would close a socket with other subscriptions, or end the process.
 */
export function guardStream<T>(source: AsyncIterable<T>, { onError, onCloseError }: StreamGuards<T>): GuardedStream<T> {
  const iterator = source[Symbol.asyncIterator]();
  let hasEnded = false;

  const end = async (): Promise<IteratorResult<T, undefined>> => {
    if (!hasEnded) {
      hasEnded = true;
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
      if (hasEnded) return end();
      try {
        const result = await iterator.next();
        return result.done ? await end() : result;
      } catch (error) {
        // The stream was closed meanwhile: no client waits for this error.
        if (hasEnded) return end();
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
