/**
 * A stream without items that stays open until it is left: it stands for a subscription whose messages are sent
 * another way.
 * @param onLeave called when it is left
 */
export function openUntilLeft(onLeave: () => void): AsyncIterableIterator<never> {
  const { promise, resolve } = Promise.withResolvers<IteratorResult<never>>();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => promise,
    return() {
      onLeave();
      resolve({ done: true, value: undefined });
      return promise;
    },
  };
}
