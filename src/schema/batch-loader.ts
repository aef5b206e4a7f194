import DataLoader from 'dataloader';

/**
 * Collects the keys asked for in the same tick and loads them together. It never caches: a later mutation of the same
 * request, and a later event of the same subscription, must see the rows as they are by then.
 *
 * @param load is given the keys, possibly some twice, and returns what finds each one's value.
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

/** One record a key, or null. */
export function oneByKey<R>(
  load: (keys: readonly string[]) => Promise<readonly R[]>,
  keyOf: (record: R) => string,
): DataLoader<string, R | null> {
  return batchLoader(async (keys) => {
    const found = new Map((await load(keys)).map((record) => [keyOf(record), record]));
    return (key) => found.get(key) ?? null;
  });
}

/** A page of a list of a parent's. */
export type PageKey<P> = { parentId: string; page: P };

/** Pages of lists: parents that are asked for the same page (by one field of a query, mostly) are loaded together. */
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
