import postgres from 'postgres';
import type { Database } from './client.ts';
import { READ_ONLY, SESSION_AGAIN, type Session } from './pool/session-settings.ts';
import { DatabaseUnavailableError } from './postgres-errors.ts';

/** @returns null if the database takes writes, else why not, without its address */
export async function whyNotReady(
  database: Pick<Database, 'forHeartbeats' | 'replaceConnections'>,
): Promise<string | null> {
  try {
    const [session] = await database.forHeartbeats.unsafe<Session[]>(SESSION_AGAIN);
    if (session?.is_read_only !== true) return null;
    database.replaceConnections();
    return READ_ONLY;
  } catch (error) {
    return plainReason(error);
  }
}

/** Messages of the driver and of PostgreSQL contain addresses and names. */
function plainReason(error: unknown): string {
  const { cause = null, message } = error instanceof DatabaseUnavailableError ? error : { message: 'unavailable' };
  if (cause instanceof postgres.PostgresError) return `PostgreSQL refuses connections (SQLSTATE ${cause.code})`;
  return cause === null ? message : 'unavailable';
}
