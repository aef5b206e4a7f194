import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { DRIVER_OPTIONS, moveTo } from './client.ts';
import { connectionOptions } from './connection-options.ts';

/** An arbitrary number, the same in every process: the advisory lock of the one process on a database without Redis. */
const PROCESS_LOCK = 1_751_217_007;
const RETRY_MS = 250;
/** Postgres may still count the connection of a process that was just killed. */
const ACQUIRE_TIMEOUT_MS = 3_000;

export type ProcessLock = { release(): Promise<void> };

export type ProcessLockOptions = {
  /** Identifies this process to the next one that wants the lock. Postgres keeps 63 bytes of it. */
  holder: string;
  /** Called when another process took the lock after an outage of Postgres. */
  onLost: () => void;
  /** Called while Postgres is unavailable. Restarts it if possible, and returns its URL. */
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
  { holder, onLost, revive = async () => url, isRunning = () => false }: ProcessLockOptions,
): Promise<ProcessLock | { heldBy: string }> {
  let released = false;
  let acquired = false;
  const given = connectionOptions(url);
  const client = postgres({
    ...DRIVER_OPTIONS,
    ...given,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connection: { ...given.connection, application_name: holder },
    onclose: () => {
      if (released || !acquired) return;
      acquired = false;
      void acquireAgain();
    },
  });

  async function tryAcquire(): Promise<boolean> {
    const [row] = await client<{ acquired: boolean }[]>`select pg_try_advisory_lock(${PROCESS_LOCK}) as acquired`;
    acquired = row?.acquired === true;
    return acquired;
  }

  async function acquireAgain(): Promise<void> {
    while (!released) {
      const result = await tryAcquire().catch(() => null);
      if (result === true || released) return;
      if (result === false) return onLost();
      moveTo(client, await revive());
      await sleep(RETRY_MS);
    }
  }

  /** Empty if nobody holds the lock any more. */
  async function currentHolder(): Promise<string> {
    const [row] = await client<{ holder: string | null }[]>`
      select application_name as holder from pg_stat_activity
      where pid = (
        select pid from pg_locks
        where locktype = 'advisory' and granted and classid = 0 and objid = ${PROCESS_LOCK}
          and database = (select oid from pg_database where datname = current_database())
      )`;
    return row?.holder ?? '';
  }

  const release = async () => {
    released = true;
    await client.end({ timeout: 2 });
  };

  const giveUpAt = performance.now() + ACQUIRE_TIMEOUT_MS;
  while (!(await tryAcquire())) {
    const heldBy = await currentHolder();
    if (performance.now() > giveUpAt || isRunning(heldBy)) {
      await release();
      return { heldBy };
    }
    await sleep(RETRY_MS);
  }
  return { release };
}
