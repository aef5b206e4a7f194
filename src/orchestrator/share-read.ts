/** A read may take this part of the time; one that takes longer is repeated less often. */
const MAX_SHARE = 0.2;

/**
 * Makes one read serve everyone who asks at about the same time, so that its cost does not grow with the number of
 * clients that poll. An error is passed on, and the next caller reads again.
 * @param maxAgeMs how long a value is passed on; longer if reading it took long
 */
export function shareRead<T>(read: () => Promise<T>, maxAgeMs: number): () => Promise<T> {
  let latest: { value: Promise<T>; usableUntilMs: number } | null = null;
  return () => {
    const startedAtMs = performance.now();
    if (latest !== null && startedAtMs < latest.usableUntilMs) return latest.value;
    const current = { value: read(), usableUntilMs: Number.POSITIVE_INFINITY };
    latest = current;
    current.value.then(
      () => {
        const endedAtMs = performance.now();
        current.usableUntilMs = endedAtMs + Math.max(maxAgeMs, (endedAtMs - startedAtMs) / MAX_SHARE);
      },
      () => {
        current.usableUntilMs = 0;
      },
    );
    return current.value;
  };
}
