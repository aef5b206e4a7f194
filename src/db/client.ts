import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { parseExactly } from '../orchestrator/domain/exact-json.ts';
import { connectionOptions } from './connection-options.ts';
import { fixRowOffsets } from './postgres-row-offset-fix.ts';
import * as tables from './tables.ts';

/**
 * Drizzle, which holds the tables and makes the reads; and as `$client` the driver, for everything else. The driver
 * prepares a statement once per connection, where Drizzle has each one planned anew.
 */
export type Db = PostgresJsDatabase<typeof tables> & { $client: postgres.Sql };
export type Tx = postgres.TransactionSql;
/** What runs a statement: the pool, or a transaction. */
export type Sql = postgres.ISql;
/** A part of a statement. */
export type Fragment = postgres.Fragment;

export type Database = {
  db: Db;
  /** The driver itself, for what needs a connection of its own. */
  client: postgres.Sql;
  /**
   * Closes the pool. Statements in flight have `timeoutMs` to end. The driver uses all of that time if a connection was
   * lost and not yet replaced.
   */
  close(timeoutMs?: number): Promise<void>;
};

/**
 * Seconds before a lost connection is opened again, however often that failed. The driver's own wait grows to 20 s:
 * a database that is available again would seem unavailable for that long.
 */
const RECONNECT_AFTER_S = 0.25;

/** Postgres' number for the type json. */
const JSON_OID = 114;

/** The options of every connection of this service. */
export const DRIVER_OPTIONS = {
  connect_timeout: 5,
  backoff: () => RECONNECT_AFTER_S,
  // With this on, the driver asks each new connection for the types of arrays and ignores a failure of that request:
  // a connection that is cut at that moment would end the process. See `arrayLiteral`.
  fetch_types: false,
  onnotice: () => {},
};

/** A pool over a direct connection or a session pooler. It connects with the first statement. */
export function connectDb(url: string, options: { maxConnections?: number } = {}): Database {
  const given = connectionOptions(url);
  const driver = postgres({
    ...DRIVER_OPTIONS,
    ...given,
    max: options.maxConnections ?? 10,
    // In seconds. After a fail-over, no connection keeps pointing at the old server for longer than this.
    max_lifetime: 60 * 30,
    connection: { application_name: 'hauntedai-orchestrator', ...given.connection },
  });
  driver.options.parsers[JSON_OID] = parseExactly;
  const client = fixRowOffsets(driver);
  return {
    db: drizzle(client, { schema: tables }),
    client,
    close: (timeoutMs = 1_000) => client.end({ timeout: timeoutMs / 1_000 }),
  };
}

/** Directs new connections to the port of this URL: an embedded server that was restarted has another one. */
export function moveTo(client: postgres.Sql, url: string): void {
  client.options.port[0] = Number(new URL(url).port);
}

/** A Postgres array as text, of words that need no quotes: UUIDs and names from the domain's lists. */
export function arrayLiteral(words: readonly string[]): string {
  return `{${words.join(',')}}`;
}

/** Distinguishes this database from every other, whatever its address: by its cluster, and within that. */
export async function databaseIdentity(db: Db): Promise<string> {
  const [row] = await db.execute<{ identity: string }>(sql`
    select system_identifier::text || '-' || (select oid from pg_database where datname = current_database()) as identity
    from pg_control_system()`);
  if (row === undefined) throw new Error('a function returned no row');
  return row.identity;
}
