import type { Logger } from 'pino';
import { parseDatabaseUrl } from '../config/database-url.ts';
import type { Config } from '../config/parse-config.ts';
import { connectDb, type Database } from '../db/client.ts';
import { migrateDb } from '../db/migrate.ts';
import { acquireProcessLock, type ProcessLock } from '../db/process-lock.ts';
import { checkDatabase, reasonOf } from './check-database.ts';
import { type Embedded, openEmbedded } from './open-embedded.ts';
import { describeProcess, isRunningHere, processLabel } from './process-label.ts';
import { StartupError } from './startup-error.ts';

/** No statement of this service takes as long, unless it waits for a lock that something else holds. */
const STATEMENT_TIMEOUT_MS = 25_000;

type StartupLog = Pick<Logger, 'info' | 'warn'>;

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
export async function openDatabase(config: Config, log: StartupLog, onLost: () => void): Promise<OpenDatabase> {
  const info = (message: string) => log.info(message);
  const embedded = config.database.url === null ? await openEmbedded(config.database.dataDir, info) : null;
  const url = config.database.url ?? embedded?.url() ?? '';
  const opened = await open(url, config, log, onLost, embedded).catch(async (error: unknown) => {
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
  log: StartupLog,
  onLost: () => void,
  embedded: Embedded | null,
): Promise<Database & { isSoleProcess: boolean; lock: ProcessLock | null }> {
  const name = config.database.url === null ? 'embedded PostgreSQL' : 'DATABASE_URL';
  await checkDatabase(url, { name, mayBePooled: embedded === null });
  let lock: ProcessLock | null = null;
  const pool = connectDb(url, {
    maxConnections: config.database.poolSize,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onLimited: (connections, reason) => log.warn(limitMessage(connections, config.database.poolSize, reason)),
    onOutdated: () => void lock?.renew(),
  });
  // Before the migration: a second process must not migrate the database of the first.
  const isShared = config.redisUrl !== null && config.database.url !== null;
  if (!isShared) lock = await lockDatabase(url, config, onLost, embedded, pool);
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
    ...(embedded !== null && {
      async revive() {
        const current = await embedded.revive();
        pool.moveTo(current);
        return current;
      },
      // The process on an embedded database is on this machine; on another database it may be anywhere.
      isRunning: isRunningHere,
    }),
  });
  if ('release' in lock) return lock;
  const database = embedded === null ? 'The database of DATABASE_URL' : `The database in ${embedded.location}`;
  throw new StartupError(
    `${database} is already in use by ${describeProcess(lock.heldBy)}. Stop that process first, or set DATABASE_URL and ` +
      'REDIS_URL for both so that they share the work.',
    { isInUse: true },
  );
}

function limitMessage(connections: number, poolSize: number, reason: Error): string {
  return (
    `PostgreSQL gives this process ${connections} of ${poolSize} connections (${reason.message}): statements wait for ` +
    'these. DATABASE_POOL_SIZE sets how many it asks for.'
  );
}
