import postgres from 'postgres';
import type { Database } from './client.ts';
import { READ_ONLY, SESSION_AGAIN, type Session } from './pool/session-settings.ts';
import { DatabaseUnavailableError, isDiskFull } from './postgres-errors.ts';

/** @returns null if the database takes writes, else why not, without its address */
export async function whyNotReady(
  database: Pick<Database, 'forHeartbeats' | 'replaceConnections' | 'disk'>,
): Promise<string | null> {
  try {
    const [session] = await database.forHeartbeats.unsafe<Session[]>(SESSION_AGAIN);
    if (session?.is_read_only === true) {
      database.replaceConnections();
      return READ_ONLY;
    }
    return database.disk.mayBeFull() && (await isDiskStillFull(database)) ? 'the disk of PostgreSQL is full' : null;
  } catch (error) {
    return plainReason(error);
  }
}

/** Some 200 KB that do not compress, which are gone at the end of the transaction. */
const FILL = `
  create temporary table space on commit drop as
  select string_agg(md5(random()::text), '') as text from generate_series(1, 6400)`;

/** Only a write can tell. */
async function isDiskStillFull({ forHeartbeats, disk }: Pick<Database, 'forHeartbeats' | 'disk'>): Promise<boolean> {
  try {
    await forHeartbeats.begin((tx) => tx.unsafe(FILL));
  } catch (error) {
    if (isDiskFull(error)) return true;
    // Without the right to create temporary tables, only other writes will tell.
    if (!(error instanceof postgres.PostgresError)) throw error;
  }
  disk.hasSpace();
  return false;
}

/** Messages of the driver and of PostgreSQL contain addresses and names. */
function plainReason(error: unknown): string {
  const { cause = null, message } = error instanceof DatabaseUnavailableError ? error : { message: 'unavailable' };
  if (cause instanceof postgres.PostgresError) return `PostgreSQL refuses connections (SQLSTATE ${cause.code})`;
  return cause === null ? message : 'unavailable';
}
