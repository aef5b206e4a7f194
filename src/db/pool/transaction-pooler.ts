import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { type Connector, createConnector, type DriverConnection } from './connector.ts';
import { SESSION_AGAIN, type Session } from './session-settings.ts';

/** Other clients of a busy pooler may take its connections in any order. */
const ROUNDS = 3;
/** A pooler with one connection lets the second client wait until the first has ended its transaction. */
const WAIT_MS = 300;

/**
 * Whether a pooler hands the connections of PostgreSQL out anew for each transaction (PgBouncer in transaction or
 * statement mode, Supavisor, Neon's pooler): two connections to it then share a session, or one changes its session.
 * Known by that behaviour, since poolers have no common name. Connections that cannot be opened prove nothing.
 */
export async function isTransactionPooler(url: string): Promise<boolean> {
  // Settings would stay in sessions that a pooler gives to other programs.
  const connector = createConnector(url, { applicationName: 'hauntedai-orchestrator', statementTimeoutMs: null });
  const first = await openOrNull(connector);
  const second = first && (await openOrNull(connector));
  try {
    if (first === null || second === null) return false;
    if (first.sessionId === second.sessionId) return true;
    for (let round = 1; round <= ROUNDS; round += 1) {
      if (await changesSession(first, second)) return true;
    }
    return false;
  } finally {
    await Promise.all([first?.close(), second?.close()]);
  }
}

const openOrNull = (connector: Connector): Promise<DriverConnection | null> =>
  connector.open(() => {}).catch(() => null);

/** The first connection keeps its session during a transaction. A pooler gives it to the second one afterwards. */
async function changesSession(first: DriverConnection, second: DriverConnection): Promise<boolean> {
  let during: Promise<string> = Promise.resolve(second.sessionId);
  const inTransaction = first.driver.begin(async (tx) => {
    const session = await sessionOf(tx);
    during = sessionOf(second.driver);
    await Promise.race([during.catch(() => {}), sleep(WAIT_MS)]);
    return session;
  });
  try {
    const sessions = [await inTransaction, await sessionOf(first.driver)];
    const others = [await during, await sessionOf(second.driver)];
    return sessions.some((id) => id !== first.sessionId) || others.some((id) => id !== second.sessionId);
  } catch (error) {
    // PgBouncer in statement mode.
    return error instanceof Error && /transaction blocks not allowed/i.test(error.message);
  }
}

async function sessionOf(sql: Pick<postgres.TransactionSql, 'unsafe'>): Promise<string> {
  const [session] = await sql.unsafe<Session[]>(SESSION_AGAIN);
  return session?.id ?? '';
}
