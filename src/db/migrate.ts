import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type { Database } from './client.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, the same in every process: who holds it migrates, the others wait. */
const MIGRATION_LOCK = 0x68_61_75_6e;

/** Brings the database to this version's tables. Safe in several processes at once. */
export async function migrateDb({ client }: Pick<Database, 'client'>): Promise<void> {
  const connection = await client.reserve();
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`;
    try {
      await migrate(drizzle(connection), { migrationsFolder: MIGRATIONS_FOLDER });
    } finally {
      await connection`select pg_advisory_unlock(${MIGRATION_LOCK})`;
    }
  } finally {
    connection.release();
  }
}
