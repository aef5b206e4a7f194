import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { wholeResults } from './postgres-row-offset-fix.ts';
import * as tables from './tables.ts';

/** Drizzle for the reads; `$client`, the driver, for writes in SQL of our own, which it prepares once a connection. */
export type Db = PostgresJsDatabase<typeof tables> & { $client: postgres.Sql };
export type Tx = postgres.TransactionSql;
export type DrizzleTx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** What runs a statement: the pool, or a transaction. */
export type Sql = postgres.ISql;
/** A part of a statement. */
export type Fragment = postgres.Fragment;

export type Database = {
  db: Db;
  /** The driver itself, for what needs a connection of its own. */
  client: postgres.Sql;
  /**
   * Ends the pool; what is running may end within `timeoutMs`. The driver takes all of that where a connection was lost
   * and not made again.
   */
  close(timeoutMs?: number): Promise<void>;
};

/**
 * Seconds before a connection that was lost is made again, however often that failed. The driver's own wait grows to
 * 20 s, for which a database that has long been back would count as away.
 */
export const RECONNECT_AFTER_S = 0.25;

/** A pool over a direct connection or a session pooler. Nothing is connected before the first statement. */
export function connectDb(url: string, options: { maxConnections?: number } = {}): Database {
  const driver = postgres(url, {
    max: options.maxConnections ?? 10,
    connect_timeout: 5,
    backoff: () => RECONNECT_AFTER_S,
    // The driver would ask each new connection for the types of arrays, and drop the promise of the answer: a connection
    // cut at that moment would end the process.
    fetch_types: false,
    // Seconds. A connection that sat through a fail-over is not kept for ever.
    max_lifetime: 60 * 30,
    onnotice: () => {},
    connection: { application_name: 'hauntedai-orchestrator' },
  });
  const client = wholeResults(driver);
  return {
    db: drizzle(client, { schema: tables }),
    client,
    close: (timeoutMs = 1_000) => client.end({ timeout: timeoutMs / 1_000 }),
  };
}

/** New connections go to the port of this URL: an embedded server that had to be started again has another one. */
export function moveTo(client: postgres.Sql, url: string): void {
  client.options.port[0] = Number(new URL(url).port);
}
