import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkDatabase, reasonOf } from '../../boot/check-database.ts';
import { describeDatabase, parseDatabaseUrl } from '../../config/database-url.ts';
import type { Config } from '../../config/parse-config.ts';
import { connectDb, type Database } from '../../db/client.ts';
import { readClockOffset } from '../../db/reads/clock-offset.ts';
import { type Finding, findingsOf } from './finding.ts';

/** The oldest version with which the service is tested. */
const OLDEST_VERSION = 15;
const MAX_CLOCK_OFFSET_MS = 2_000;

const database = findingsOf('PostgreSQL');
const clocks = findingsOf('clocks');

/** Changes nothing: tables are made at the next start. */
export async function checkDatabaseOf(config: Config): Promise<Finding[]> {
  const { url, dataDir, poolSize } = config.database;
  if (url === null) return [await checkFolder(dataDir)];
  try {
    await checkDatabase(url, { name: 'DATABASE_URL', mayBePooled: true });
  } catch (error) {
    return [database.error(error instanceof Error ? error.message : String(error))];
  }
  const connected = connectDb(url, { maxConnections: 1 });
  try {
    return await checkServer(connected, describeDatabase(parseDatabaseUrl(url)), poolSize);
  } catch (error) {
    return [database.error(`DATABASE_URL: ${reasonOf(error, parseDatabaseUrl(url))}`)];
  } finally {
    await connected.close(0);
  }
}

/** The embedded PostgreSQL runs only while the service does. */
async function checkFolder(dataDir: string): Promise<Finding> {
  const folder = resolve(dataDir);
  const writable = await firstExisting(folder);
  try {
    await access(writable, constants.W_OK);
    return database.ok(`The embedded PostgreSQL will keep its data in ${folder}.`);
  } catch {
    return database.error(`DATA_DIR: this user may not write to ${writable}. Set DATA_DIR to another folder.`);
  }
}

async function firstExisting(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  return exists || dirname(folder) === folder ? folder : firstExisting(dirname(folder));
}

type Server = {
  version: string;
  number: number;
  is_replica: boolean;
  may_create: boolean;
  may_use: boolean;
  free: number;
};

const ASK = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    pg_is_in_recovery() as is_replica,
    has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as may_create,
    (select coalesce(bool_and(has_table_privilege(c.oid, privilege)), true)
      from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege
      where c.relnamespace = 'public'::regnamespace and c.relname = 'workflows') as may_use,
    current_setting('max_connections')::int - (select count(*)::int from pg_stat_activity where backend_type = 'client backend')
      as free`;

async function checkServer({ client }: Database, where: string, poolSize: number): Promise<Finding[]> {
  const [server] = await client.unsafe<Server[]>(ASK);
  if (server === undefined) return [database.error(`${where} did not answer the query for its version.`)];
  const { version, number, is_replica, may_create, may_use, free } = server;
  const findings: Finding[] = [];
  if (number < OLDEST_VERSION * 10_000) {
    findings.push(database.error(`${where} has version ${version}. Use PostgreSQL ${OLDEST_VERSION} or later.`));
  }
  if (is_replica) findings.push(database.error(`${where} is a read-only replica. Use the address of the primary.`));
  if (!may_create) {
    findings.push(
      database.error(
        `The user of DATABASE_URL may not create tables at ${where}, which each start needs: GRANT CREATE ON DATABASE and ` +
          'GRANT CREATE ON SCHEMA public to it.',
      ),
    );
  }
  if (!may_use) {
    findings.push(
      database.error(
        `The user of DATABASE_URL may not use the tables at ${where}, which another user made: make it their owner, or ` +
          'use that user.',
      ),
    );
  }
  if (free < poolSize) {
    findings.push(
      database.warning(
        `${where} has ${Math.max(0, free)} free connections, and the service asks for ${poolSize}: statements wait. Raise ` +
          'max_connections, or lower DATABASE_POOL_SIZE.',
      ),
    );
  }
  if (findings.length === 0)
    findings.push(database.ok(`${where} has version ${version} and the rights that are needed.`));
  return [...findings, clockFinding(await readClockOffset(client))];
}

function clockFinding(offsetMs: number): Finding {
  const difference = `This machine and PostgreSQL differ by ${(Math.abs(offsetMs) / 1_000).toFixed(1)} s.`;
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS) return clocks.ok(difference);
  return clocks.warning(
    `${difference} Delays are not affected, but tokens may expire too early or too late: synchronize both clocks (NTP).`,
  );
}
