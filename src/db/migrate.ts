import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connectDb } from './client.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, the same in every process: who holds it migrates, the others wait. */
const MIGRATION_LOCK = 1_751_217_006;

/** Brings the database to this version's tables, on a connection of its own. Safe in several processes at once. */
export async function migrateDb(url: string): Promise<void> {
  const { db, close } = connectDb(url, { maxConnections: 1 });
  try {
    // A lock of the session: ending the connection gives it back, whatever happens in between.
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await close();
  }
}
