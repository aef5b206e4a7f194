import { sql } from 'drizzle-orm';
import { type DatabaseAddress, describeDatabase, parseDatabaseUrl } from '../config/database-url.ts';
import { connectDb } from '../db/client.ts';
import { CertificateFileError, connectionOptions } from '../db/connection-options.ts';
import { isTransactionPooler } from '../db/pool/transaction-pooler.ts';
import { databaseAdvice } from './database-advice.ts';
import { StartupError } from './startup-error.ts';

export type CheckedDatabase = {
  /** What the operator calls the database. */
  name: string;
  /** Whether a connection pooler may be in front of it. */
  mayBePooled: boolean;
};

/**
 * Whether this process can connect to the database, and keep a session there.
 * @throws {StartupError} with what to do
 */
export async function checkDatabase(url: string, { name, mayBePooled }: CheckedDatabase): Promise<void> {
  checkCertificateFiles(url, name);
  // First, so that no setting of ours stays in a session that a pooler gives to other programs.
  if (mayBePooled) await checkPooler(url, name);
  await checkConnection(url, name);
}

function checkCertificateFiles(url: string, name: string): void {
  try {
    connectionOptions(url);
  } catch (error) {
    if (error instanceof CertificateFileError) throw new StartupError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** @param name what the operator calls the database */
async function checkConnection(url: string, name: string): Promise<void> {
  const probe = connectDb(url, { maxConnections: 1 });
  try {
    await probe.db.execute(sql`select 1`);
  } catch (error) {
    const address = parseDatabaseUrl(url);
    throw new StartupError(
      `${name}: cannot use the database at ${describeDatabase(address)}: ${reasonOf(error, address)}`,
      { cause: error },
    );
  } finally {
    await probe.close(0);
  }
}

/** Locks of a session, prepared statements and settings need a session of their own. */
async function checkPooler(url: string, name: string): Promise<void> {
  if (!(await isTransactionPooler(url))) return;
  throw new StartupError(
    `${name}: the database at ${describeDatabase(parseDatabaseUrl(url))} is behind a connection pooler in ` +
      'transaction mode, which changes the session between statements. Use the direct address of PostgreSQL, or a ' +
      'pooler in session mode (PgBouncer: pool_mode = session; Supabase: port 5432; Neon: the host without -pooler).',
  );
}

/** The driver's message, which Drizzle wraps together with the statement, and what to do about it. */
export function reasonOf(error: unknown, address: DatabaseAddress): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  const message = (root instanceof Error ? root.message : String(root)).replaceAll(/\s+/g, ' ');
  const advice = databaseAdvice(root, address);
  return advice === null ? message : `${message}. ${advice}`;
}
