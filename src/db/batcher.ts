export type GatherLimits = {
  /** Runs under way at once. */
  runs: number;
  /** Of the items of a run, unless a single one weighs more. */
  weight: number;
  /** A run that takes longer no longer counts, in ms: a connection that never answers must not hold up the others. */
  patienceMs: number;
};

/**
 * Items that are added in one turn of the event loop, or while as many runs as may be are under way, share a run.
 * @param run must not throw.
 * @returns adds an item
 */
export function gather<T>(
  run: (items: readonly T[]) => Promise<void>,
  limits: GatherLimits,
): (item: T, weight: number) => void {
  const waiting: { item: T; weight: number }[] = [];
  let running = 0;
  let isDue = false;

  function begin(): void {
    isDue = false;
    while (waiting.length > 0 && running < limits.runs) void runOnce(next());
  }

  function next(): T[] {
    let count = 0;
    let weight = 0;
    for (const item of waiting) {
      weight += item.weight;
      if (count > 0 && weight > limits.weight) break;
      count += 1;
    }
    return waiting.splice(0, count).map(({ item }) => item);
  }

  async function runOnce(items: readonly T[]): Promise<void> {
    running += 1;
    let counts = true;
    const discount = () => {
      if (counts) running -= 1;
      counts = false;
      begin();
    };
    const timer = setTimeout(discount, limits.patienceMs);
    await run(items);
    clearTimeout(timer);
    discount();
  }

  return (item, weight) => {
    waiting.push({ item, weight });
    if (!isDue) setImmediate(begin);
    isDue = true;
  };
}
