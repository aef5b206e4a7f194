import { sql } from 'drizzle-orm';
import type { Config } from '../config/parse-config.ts';
import { connectDb, type Database, moveTo } from '../db/client.ts';
import { migrateDb } from '../db/migrate.ts';
import { type ProcessLock, takeProcessLock } from '../db/process-lock.ts';
import { type Embedded, openEmbedded } from './embedded-database.ts';
import { StartupError } from './startup-error.ts';

/** The database of this process, ready to be used: reached, migrated and, unless Redis shares the work, ours alone. */
export type OpenDatabase = Database & {
  /** Where the embedded PostgreSQL keeps its data; null when DATABASE_URL names another. */
  embeddedIn: string | null;
  /** No other process works on it. */
  isSoleProcess: boolean;
};

/**
 * @param lost called when another process took over this database after an outage.
 * @throws {StartupError | EmbeddedPostgresError}
 */
export async function openDatabase(
  config: Config,
  say: (line: string) => void,
  lost: () => void,
): Promise<OpenDatabase> {
  const embedded = config.database.url === null ? await openEmbedded(config.database.dataDir, say) : null;
  const url = config.database.url ?? embedded?.url() ?? '';
  const opened = await open(url, config, lost, embedded).catch(async (error: unknown) => {
    // Another process uses it: it is not ours to stop.
    if (error instanceof StartupError && error.isTaken) embedded?.release();
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
  lost: () => void,
  embedded: Embedded | null,
): Promise<Database & { isSoleProcess: boolean; lock: ProcessLock | null }> {
  await reach(url, config.database.url === null ? 'embedded PostgreSQL' : 'DATABASE_URL');
  const pool = connectDb(url, { maxConnections: 20 });
  const revive = async (): Promise<string> => {
    const found = (await embedded?.revive()) ?? url;
    moveTo(pool.client, found);
    return found;
  };
  // First of all: a second process must not migrate under the first.
  const isShared = config.redisUrl !== null && config.database.url !== null;
  const lock = isShared ? null : await takeProcessLock(url, lost, revive);
  if (!isShared && lock === null) {
    throw new StartupError(
      'another process works on this database already; stop it, or set DATABASE_URL and REDIS_URL for both to share the work',
      { isTaken: true },
    );
  }
  try {
    await migrateDb(url);
  } catch (error) {
    await lock?.release();
    throw new StartupError(`the database could not be migrated: ${reasonOf(error)}`, { cause: error });
  }
  return { ...pool, isSoleProcess: lock !== null, lock };
}

/** @param what the name under which the reader knows the database. */
async function reach(url: string, what: string): Promise<void> {
  const probe = connectDb(url, { maxConnections: 1 });
  try {
    await probe.db.execute(sql`select 1`);
  } catch (error) {
    const { host } = new URL(url);
    throw new StartupError(`${what}: cannot use the database at ${host}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await probe.close(0);
  }
}

/** The driver's own words, which Drizzle wraps together with the statement. */
function reasonOf(error: unknown): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (root instanceof Error ? root.message : String(root)).replaceAll(/\s+/g, ' ');
}
