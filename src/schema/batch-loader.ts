import DataLoader from 'dataloader';

/**
 * Batches the keys requested in the same tick into one load. It never caches: a later mutation of the same request and
 * a later event of the same subscription must read the rows anew.
 * @param load gets the keys, which may contain duplicates, and returns a function from key to value
 */
export function batchLoader<K, V>(load: (keys: readonly K[]) => Promise<(key: K) => V>): DataLoader<K, V> {
  return new DataLoader(
    async (keys) => {
      const find = await load(keys);
      return keys.map(find);
    },
    { cache: false },
  );
}

/** One record per key, or null. */
export function oneByKey<R>(
  load: (keys: readonly string[]) => Promise<readonly R[]>,
  keyOf: (record: R) => string,
): DataLoader<string, R | null> {
  return batchLoader(async (keys) => {
    const found = new Map((await load(keys)).map((record) => [keyOf(record), record]));
    return (key) => found.get(key) ?? null;
  });
}

/** A page of a list that belongs to a parent. */
export type PageKey<P> = { parentId: string; page: P };

/**
 * Loads the same page of many parents at once. Pages usually are the same, since they come from one field of a query.
 * @param whenUnknown the page of a parent for which `load` returns none
 */
export function pagesByParent<P, V>(
  load: (parentIds: readonly string[], page: P) => Promise<ReadonlyMap<string, V>>,
  whenUnknown: V,
): DataLoader<PageKey<P>, V> {
  return batchLoader(async (keys) => {
    const pages = new Map(keys.map(({ page }) => [JSON.stringify(page), page]));
    const parents = Map.groupBy(keys, ({ page }) => JSON.stringify(page));
    const loaded = await Promise.all(
      [...pages].map(async ([text, page]) => {
        const parentIds = (parents.get(text) ?? []).map(({ parentId }) => parentId);
        return [text, await load(parentIds, page)] as const;
      }),
    );
    const found = new Map(loaded);
    return ({ parentId, page }) => found.get(JSON.stringify(page))?.get(parentId) ?? whenUnknown;
  });
}
