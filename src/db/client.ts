import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { parseExactly } from '../orchestrator/domain/exact-json.ts';
import { createConnectionPool } from './pool/connection-pool.ts';
import { createConnector } from './pool/connector.ts';
import { pooledClient } from './pool/pooled-client.ts';
import { isDiskFull, isReadOnly, isRefused } from './postgres-errors.ts';
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
  /** For the engine: its statements go before those of requests when connections are scarce. */
  db: Db;
  /** The driver itself, for what needs a connection of its own. */
  client: postgres.Sql;
  /** For requests: at least one connection stays free of them, if there are two. */
  forRequests: Db;
  /** For statements that show that the database is there. One that is not answered soon ends all connections. */
  forHeartbeats: postgres.Sql;
  /** Whether a statement failed because PostgreSQL's disk is full, since it was last known to have space. */
  disk: { mayBeFull(): boolean; hasSpace(): void };
  /** Closes idle connections, and the others when their statement is answered. */
  replaceConnections(): void;
  /** What the connections are doing, and how many statements wait for one. */
  poolUse(): { busy: number; idle: number; waiting: number };
  /** Directs new connections to the port of this URL: an embedded server that was restarted has another one. */
  moveTo(url: string): void;
  /** Closes the pool. Statements in flight have `timeoutMs` to end. */
  close(timeoutMs?: number): Promise<void>;
};

export type DatabaseOptions = {
  /** @default 10 */
  maxConnections?: number;
  /** PostgreSQL ends statements that take longer. 0: none. @default 0 */
  statementTimeoutMs?: number;
  /** Called once when the server gives fewer connections. */
  onLimited?: (connections: number, reason: Error) => void;
  /** Called when the server turns out to be read-only: another one is in charge. */
  onOutdated?: () => void;
};

/** Postgres' number for the type json. */
const JSON_OID = 114;
/** Seconds without an answer after which a heartbeat's connection counts as dead. */
const HEARTBEAT_ANSWER_S = 5;
/** Seconds that PostgreSQL has for reporting that a statement took too long. */
const TIMEOUT_ANSWER_S = 5;

/** A pool over direct connections or a session pooler. It connects with the first statement. */
export function connectDb(url: string, options: DatabaseOptions = {}): Database {
  const { maxConnections: max = 10, statementTimeoutMs = 0, onLimited = () => {}, onOutdated = () => {} } = options;
  const { template, open, moveTo } = createConnector(url, {
    applicationName: 'hauntedai-orchestrator',
    statementTimeoutMs,
  });
  template.options.parsers[JSON_OID] = parseExactly;
  let isFull = false;
  const pool = createConnectionPool({
    max,
    open,
    isRefusal: isRefused,
    onLimited,
    onFailed(error) {
      if (isDiskFull(error)) isFull = true;
      if (!isReadOnly(error)) return;
      pool.replaceAll();
      onOutdated();
    },
  });
  const seconds = setInterval(pool.tick, 1_000).unref();
  const answerWithin =
    statementTimeoutMs === 0 ? Number.POSITIVE_INFINITY : statementTimeoutMs / 1_000 + TIMEOUT_ANSWER_S;
  const clientFor = (limits: { priority: 'engine' | 'request'; answerWithin: number }) =>
    fixRowOffsets(pooledClient(template, pool.submit, limits));
  const client = clientFor({ priority: 'engine', answerWithin });
  return {
    db: drizzle(client, { schema: tables }),
    client,
    forRequests: drizzle(clientFor({ priority: 'request', answerWithin }), { schema: tables }),
    forHeartbeats: clientFor({ priority: 'engine', answerWithin: HEARTBEAT_ANSWER_S }),
    disk: {
      mayBeFull: () => isFull,
      hasSpace: () => {
        isFull = false;
      },
    },
    poolUse: pool.use,
    moveTo,
    replaceConnections: pool.replaceAll,
    async close(timeoutMs = 1_000) {
      await pool.close(timeoutMs);
      clearInterval(seconds);
    },
  };
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
