import { sql } from 'drizzle-orm';
import type { Db } from './client.ts';

/** Tells this database from every other, by whatever address it is reached: of its cluster and in it. */
export async function databaseIdentity(db: Db): Promise<string> {
  const [row] = await db.execute<{ identity: string }>(sql`
    select system_identifier::text || '-' || (select oid from pg_database where datname = current_database()) as identity
    from pg_control_system()`);
  if (row === undefined) throw new Error('a function returned no row');
  return row.identity;
}
