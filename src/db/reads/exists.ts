import { and, eq, gte, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../client.ts';
import type { Before } from './slices.ts';

/** Whether the table has such a row, as a column of a statement. */
export function existsIn(table: PgTable, where: SQL | undefined): SQL<boolean> {
  return sql<boolean>`exists (select 1 from ${table} where ${where ?? sql`true`})`;
}

type List = {
  table: PgTable & { id: PgColumn };
  /** Whose list it is: an item that is not, is unknown. */
  owned: SQL | undefined;
  /** Which of the owner's items are listed. An item that has left the list is a place in it still. */
  listed?: SQL | undefined;
};

/** What lies before a page after `afterId`, newest first, as columns of a statement; without it nothing does. */
export function beforeIn({ table, owned, listed }: List, afterId: string | undefined) {
  if (afterId === undefined) return { hasPrevious: sql<boolean>`false`, isKnown: sql<boolean>`true` };
  return {
    hasPrevious: existsIn(table, and(owned, listed, gte(table.id, afterId))),
    isKnown: existsIn(table, and(owned, eq(table.id, afterId))),
  };
}

/** The same, asked for by itself. */
export async function before(db: Db, list: List, afterId: string | undefined): Promise<Before> {
  if (afterId === undefined) return { hasPrevious: false, isKnown: true };
  const [row] = await db.select(beforeIn(list, afterId)).from(sql`(select) as one`);
  return row ?? { hasPrevious: false, isKnown: false };
}
