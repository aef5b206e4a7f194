import { and, eq, gte, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { isUuid } from '../../orchestrator/domain/cursor.ts';
import type { Slice } from '../../orchestrator/ports/reads.ts';
import { arrayLiteral, type Db } from '../client.ts';

/**
 * The column holds one of the ids. They are one parameter, so the statement is the same for any number of them. Text
 * that is not a UUID is left out: it matches no row, and Postgres would refuse the whole statement.
 */
export function anyOf(column: AnyPgColumn, ids: readonly string[]): SQL {
  const uuids = new Set(ids.filter(isUuid));
  return sql`${column} = any(${arrayLiteral([...uuids])}::uuid[])`;
}

/** Whether the table has such a row, as a column of a statement. */
export function existsIn(table: PgTable, where: SQL | undefined): SQL<boolean> {
  return sql<boolean>`exists (select 1 from ${table} where ${where ?? sql`true`})`;
}

/** What precedes a page. `isKnown` is false when it follows an item that was never in the list. */
export type Before = { hasPrevious: boolean; isKnown: boolean };

type List = {
  table: PgTable & { id: PgColumn };
  /** The rows of the list's owner. Any other item is unknown. */
  owned: SQL | undefined;
  /** Those of them that are listed. An item that has left the list is still a position in it. */
  listed?: SQL | undefined;
};

/** What precedes the page after `afterId`, newest first, as columns of a statement. */
export function beforeIn({ table, owned, listed }: List, afterId: string | undefined) {
  if (afterId === undefined) return { hasPrevious: sql<boolean>`false`, isKnown: sql<boolean>`true` };
  return {
    hasPrevious: existsIn(table, and(owned, listed, gte(table.id, afterId))),
    isKnown: existsIn(table, and(owned, eq(table.id, afterId))),
  };
}

/** The same, in a statement of its own. */
export async function before(db: Db, list: List, afterId: string | undefined): Promise<Before> {
  if (afterId === undefined) return { hasPrevious: false, isKnown: true };
  const [row] = await db.select(beforeIn(list, afterId)).from(sql`(select) as one`);
  return row ?? { hasPrevious: false, isKnown: false };
}

/** A page of at most `first` items; one more row than that means that the list continues. */
export function sliceOf<T>(rows: readonly T[], first: number, { hasPrevious, isKnown }: Before): Slice<T> {
  if (!isKnown) return { items: [], hasPrevious: false, hasNext: false, unknownCursor: 'after' };
  return { items: rows.slice(0, first), hasPrevious, hasNext: rows.length > first };
}

/** Groups rows of parents that were left-joined with their items. A parent without items has one row, with null. */
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
