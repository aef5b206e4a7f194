export type BatchLimits = {
  /** Batches that are processed at once. */
  concurrency: number;
  /** Largest sum of the items' weights in a batch; an item that weighs more is a batch by itself. */
  maxWeight: number;
  /** A batch that takes longer no longer counts as one of `concurrency`: a dead connection must not stop the others. */
  timeoutMs: number;
};

/**
 * Items that are added in one iteration of the event loop, or while `concurrency` batches are processed, share a batch.
 * @param process must not throw.
 * @returns adds an item.
 */
export function createBatcher<T>(
  process: (items: readonly T[]) => Promise<void>,
  { concurrency, maxWeight, timeoutMs }: BatchLimits,
): (item: T, weight: number) => void {
  const waiting: { item: T; weight: number }[] = [];
  let running = 0;
  let isScheduled = false;

  function startBatches(): void {
    isScheduled = false;
    while (waiting.length > 0 && running < concurrency) void runBatch(nextBatch());
  }

  function nextBatch(): T[] {
    let count = 0;
    let weight = 0;
    for (const item of waiting) {
      weight += item.weight;
      if (count > 0 && weight > maxWeight) break;
      count += 1;
    }
    return waiting.splice(0, count).map(({ item }) => item);
  }

  async function runBatch(items: readonly T[]): Promise<void> {
    let isCounted = true;
    running += 1;
    const release = () => {
      if (isCounted) running -= 1;
      isCounted = false;
      startBatches();
    };
    const timer = setTimeout(release, timeoutMs);
    await process(items);
    clearTimeout(timer);
    release();
  }

  return (item, weight) => {
    waiting.push({ item, weight });
    if (!isScheduled) setImmediate(startBatches);
    isScheduled = true;
  };
}
