import type { Slice } from '../../orchestrator/ports/reads.ts';

/** What lies before a page: `isKnown` is false for one after an item that the list does not have. */
export type Before = { hasPrevious: boolean; isKnown: boolean };

/** A page read from the list's beginning on; `rows` holds one more than `first` where the list goes on. */
export function sliceOf<T>(rows: readonly T[], first: number, { hasPrevious, isKnown }: Before): Slice<T> {
  if (!isKnown) return { items: [], hasPrevious: false, hasNext: false, unknownCursor: 'after' };
  return { items: rows.slice(0, first), hasPrevious, hasNext: rows.length > first };
}

/** Rows of parents that were left-joined with their items, by parent; a parent without items has one row with null. */
export function byParent<TRow extends { parentId: string; item: unknown }>(
  rows: readonly TRow[],
): Map<string, [TRow, ...TRow[]]> {
  const groups = new Map<string, [TRow, ...TRow[]]>();
  for (const row of rows) {
    const group = groups.get(row.parentId);
    if (group === undefined) groups.set(row.parentId, [row]);
    else group.push(row);
  }
  return groups;
}

export function itemsOf<T>(rows: readonly { item: T | null }[]): T[] {
  return rows.flatMap(({ item }) => (item === null ? [] : [item]));
}
