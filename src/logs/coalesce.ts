/**
 * Merges calls with equal arguments (plain data) made in the same tick into one, whose result all of them share. The
 * load begins after each of the calls, so it sees everything that they would have seen.
 */
export function coalesce<A extends unknown[], R>(load: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  const pending = new Map<string, Promise<R>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const result =
      pending.get(key) ??
      Promise.resolve().then(() => {
        pending.delete(key);
        return load(...args);
      });
    pending.set(key, result);
    return result;
  };
}
