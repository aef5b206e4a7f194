/** A list that is newest first, as far as it is loaded. Ids are UUIDv7, so they sort by age. */
export type Loaded<T> = { items: readonly T[]; hasMore: boolean };

/**
 * Puts a page into the list. Within its range the page is right: what it does not have has left the list. Items that did
 * not change stay the same objects, so that their rows are not rendered again.
 * @param afterId the item before the page; null: the page is the beginning of the list
 */
export function mergePage<T extends { id: string }>(
  list: Loaded<T>,
  page: Loaded<T>,
  afterId: string | null,
): Loaded<T> {
  const known = new Map(list.items.map((item) => [item.id, item]));
  const items = page.items.map((item) => same(known.get(item.id), item));
  const newer = afterId === null ? [] : list.items.filter(({ id }) => id >= afterId);
  const lastId = page.items.at(-1)?.id;
  const older = page.hasMore && lastId !== undefined ? list.items.filter(({ id }) => id < lastId) : [];
  // So many new ones that some are missing between the page and what was known: the list begins anew.
  const hasGap = afterId === null && !page.items.some(({ id }) => known.has(id));
  if (hasGap || older.length === 0) return { items: [...newer, ...items], hasMore: page.hasMore };
  return { items: [...newer, ...items, ...older], hasMore: list.hasMore };
}

function same<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
