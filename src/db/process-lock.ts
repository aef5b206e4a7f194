import { setTimeout as sleep } from 'node:timers/promises';
import { createConnector, type DriverConnection } from './pool/connector.ts';

/** An arbitrary number, the same in every process: the advisory lock of the one process on a database without Redis. */
const PROCESS_LOCK = 1_751_217_007;
const RETRY_MS = 250;
/** Postgres may still count the connection of a process that was just killed. */
const ACQUIRE_TIMEOUT_MS = 3_000;
const RENEW_TIMEOUT_MS = 5_000;

export type ProcessLock = {
  /** Acquires the lock again if its server has become read-only or does not answer: another one is in charge. */
  renew(): Promise<void>;
  release(): Promise<void>;
};

export type ProcessLockOptions = {
  /** Identifies this process to the next one that wants the lock. Postgres keeps 63 bytes of it. */
  holder: string;
  /** Called when another process took the lock after an outage of Postgres. */
  onLost: () => void;
  /** Called while Postgres is unavailable. Restarts the embedded server if possible, and returns its URL. */
  revive?: () => Promise<string>;
  /** Whether the process that identified itself like this is certainly running, so that waiting for it is pointless. */
  isRunning?: (holder: string) => boolean;
};

/**
 * Acquires a session lock, on a connection of its own, for the lifetime of the process: without Redis, only one process
 * may work on a database. After an outage of Postgres the lock is acquired again.
 * @returns the lock, or how the process that holds it identified itself
 */
export async function acquireProcessLock(
  url: string,
  { holder, onLost, revive, isRunning = () => false }: ProcessLockOptions,
): Promise<ProcessLock | { heldBy: string }> {
  const connector = createConnector(url, { applicationName: holder, statementTimeoutMs: 0 });
  /** Holds the lock. Closing it releases the lock, whatever happens before. */
  let holding: DriverConnection | null = null;
  let released = false;

  /** @returns null when the lock is acquired, else how its holder identified itself; empty if it was just released. */
  async function tryAcquire(): Promise<string | null> {
    let connection: DriverConnection | null = null;
    connection = await connector.open(() => {
      if (connection !== null && connection === holding) void acquireAgain();
    });
    try {
      const [row] = await connection.driver<{ is_mine: boolean; holder: string | null }[]>`
        select pg_try_advisory_lock(${PROCESS_LOCK}) as is_mine, (
          select application_name from pg_stat_activity join pg_locks using (pid)
          where locktype = 'advisory' and granted and classid = 0 and objid = ${PROCESS_LOCK}
            and database = (select oid from pg_database where datname = current_database())
        ) as holder`;
      if (row?.is_mine !== true) return row?.holder ?? '';
      if (!released) holding = connection;
      return null;
    } finally {
      if (holding !== connection) void connection.close();
    }
  }

  async function acquireAgain(): Promise<void> {
    holding = null;
    while (!released) {
      const heldBy = await tryAcquire().catch(() => undefined);
      if (heldBy === null || released) return;
      if (heldBy !== undefined) return onLost();
      if (revive !== undefined) connector.moveTo(await revive());
      await sleep(RETRY_MS);
    }
  }

  async function release(): Promise<void> {
    released = true;
    await holding?.close();
  }

  async function renew(): Promise<void> {
    const connection = holding;
    if (connection === null) return;
    const answer = connection.driver`show transaction_read_only`.then(
      ([row]) => row?.['transaction_read_only'] === 'off',
    );
    const isWritable = await Promise.race([answer.catch(() => false), sleep(RENEW_TIMEOUT_MS, false)]);
    if (isWritable || holding !== connection) return;
    holding = null;
    void connection.close();
    await acquireAgain();
  }

  const giveUpAt = performance.now() + ACQUIRE_TIMEOUT_MS;
  for (let heldBy = await tryAcquire(); heldBy !== null; heldBy = await tryAcquire()) {
    if (performance.now() > giveUpAt || isRunning(heldBy)) return { heldBy };
    await sleep(RETRY_MS);
  }
  return { renew, release };
}
