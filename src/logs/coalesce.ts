/**
 * Calls with equal arguments (plain data) that are made in the same tick become one, and get the same answer: the same
 * objects. It begins after each of these calls, so it sees whatever they would have seen.
 */
export function coalesce<A extends unknown[], R>(load: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  const asked = new Map<string, Promise<R>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const answer =
      asked.get(key) ??
      Promise.resolve().then(() => {
        asked.delete(key);
        return load(...args);
      });
    asked.set(key, answer);
    return answer;
  };
}
