/** Calls `report` at most once per interval. Calls in between are dropped. */
export function throttle<T>(intervalMs: number, report: (value: T) => void): (value: T) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (performance.now() - reportedAt < intervalMs) return;
    reportedAt = performance.now();
    report(value);
  };
}
