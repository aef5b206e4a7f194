import { type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../client.ts';

/** Whether the table has such a row, as a column of a statement. */
export function existsIn(table: PgTable, where: SQL | undefined): SQL<boolean> {
  return sql<boolean>`exists (select 1 from ${table} where ${where ?? sql`true`})`;
}

/** Whether the table has such a row. */
export async function exists(db: Db, table: PgTable, where: SQL | undefined): Promise<boolean> {
  const [row] = await db.select({ found: existsIn(table, where) }).from(sql`(select) as one`);
  return row?.found ?? false;
}
