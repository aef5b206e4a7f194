import { sql } from 'drizzle-orm';
import { type DatabaseAddress, describeDatabase, parseDatabaseUrl } from '../config/database-url.ts';
import type { Config } from '../config/parse-config.ts';
import { connectDb, type Database, moveTo } from '../db/client.ts';
import { CertificateFileError } from '../db/connection-options.ts';
import { migrateDb } from '../db/migrate.ts';
import { acquireProcessLock, type ProcessLock } from '../db/process-lock.ts';
import { databaseAdvice } from './database-advice.ts';
import { type Embedded, openEmbedded } from './open-embedded.ts';
import { describeProcess, isRunningHere, processLabel } from './process-label.ts';
import { StartupError } from './startup-error.ts';

/** A database that is reachable, migrated and, unless Redis shares the work, used by this process only. */
export type OpenDatabase = Database & {
  /** Where the embedded PostgreSQL keeps its data; null with DATABASE_URL. */
  embeddedIn: string | null;
  /** No other process uses it. */
  isSoleProcess: boolean;
};

/**
 * @param onLost called when another process took over this database after an outage
 * @throws {StartupError | EmbeddedPostgresError}
 */
export async function openDatabase(
  config: Config,
  log: (message: string) => void,
  onLost: () => void,
): Promise<OpenDatabase> {
  const embedded = config.database.url === null ? await openEmbedded(config.database.dataDir, log) : null;
  const url = config.database.url ?? embedded?.url() ?? '';
  const opened = await open(url, config, onLost, embedded).catch(async (error: unknown) => {
    if (error instanceof StartupError && error.isInUse) embedded?.release();
    else await embedded?.close();
    throw error;
  });
  return {
    ...opened,
    embeddedIn: embedded?.location ?? null,
    async close(timeoutMs) {
      await opened.close(timeoutMs);
      await opened.lock?.release();
      await embedded?.close();
    },
  };
}

async function open(
  url: string,
  config: Config,
  onLost: () => void,
  embedded: Embedded | null,
): Promise<Database & { isSoleProcess: boolean; lock: ProcessLock | null }> {
  await checkConnection(url, config.database.url === null ? 'embedded PostgreSQL' : 'DATABASE_URL');
  const pool = connectDb(url, { maxConnections: 20 });
  // Before the migration: a second process must not migrate the database of the first.
  const isShared = config.redisUrl !== null && config.database.url !== null;
  const lock = isShared ? null : await lockDatabase(url, config, onLost, embedded, pool);
  try {
    await migrateDb(url);
  } catch (error) {
    await lock?.release();
    throw new StartupError(`cannot migrate the database: ${reasonOf(error, parseDatabaseUrl(url))}`, { cause: error });
  }
  return { ...pool, isSoleProcess: lock !== null, lock };
}

async function lockDatabase(
  url: string,
  config: Config,
  onLost: () => void,
  embedded: Embedded | null,
  pool: Database,
): Promise<ProcessLock> {
  const lock = await acquireProcessLock(url, {
    holder: processLabel(config),
    onLost,
    async revive() {
      const current = (await embedded?.revive()) ?? url;
      moveTo(pool.client, current);
      return current;
    },
    // The process on an embedded database is on this machine; on another database it may be anywhere.
    ...(embedded !== null && { isRunning: isRunningHere }),
  });
  if ('release' in lock) return lock;
  const database = embedded === null ? 'The database of DATABASE_URL' : `The database in ${embedded.location}`;
  throw new StartupError(
    `${database} is already in use by ${describeProcess(lock.heldBy)}. Stop that process first, or set DATABASE_URL and ` +
      'REDIS_URL for both so that they share the work.',
    { isInUse: true },
  );
}

/** @param name what the operator calls the database */
async function checkConnection(url: string, name: string): Promise<void> {
  const probe = openProbe(url, name);
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

function openProbe(url: string, name: string): Database {
  try {
    return connectDb(url, { maxConnections: 1 });
  } catch (error) {
    if (error instanceof CertificateFileError) throw new StartupError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The driver's message, which Drizzle wraps together with the statement, and what to do about it. */
function reasonOf(error: unknown, address: DatabaseAddress): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = (root instanceof Error ? root.message : String(root)).replaceAll(/\s+/g, ' ');
  const advice = databaseAdvice(root, address);
  return advice === null ? message : `${message}. ${advice}`;
}
