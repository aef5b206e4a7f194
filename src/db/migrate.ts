import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connectDb } from './client.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, the same in every process: the one that holds it migrates, and the others wait. */
const MIGRATION_LOCK = 1_751_217_006;

/** Migrates the database to the current tables, on a separate connection. Safe in several processes at once. */
export async function migrateDb(url: string): Promise<void> {
  const { db, close } = connectDb(url, { maxConnections: 1 });
  try {
    // A session lock: closing the connection releases it, whatever happens before.
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await close();
  }
}
