import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { moveTo, RECONNECT_AFTER_S } from './client.ts';

/** Any number, the same in every process: held by the one that works on a database without Redis. */
const PROCESS_LOCK = 1_751_217_007;
const RETRY_MS = 250;
/** How long to wait for the lock: a process that was just killed may still seem connected. */
const TIMEOUT_MS = 3_000;

export type ProcessLock = { release(): Promise<void> };

/**
 * Holds a session lock on a separate connection for the life of the process: without Redis, only one process works on a
 * database. After an outage of Postgres the lock is taken again.
 * @param lost called when another process took the lock first after an outage.
 * @param revive called while Postgres is unavailable; restarts it if necessary, and returns its URL.
 * @returns null when another process holds the lock.
 */
export async function takeProcessLock(
  url: string,
  lost: () => void,
  revive: () => Promise<string> = async () => url,
): Promise<ProcessLock | null> {
  let released = false;
  let hasIt = false;
  const client = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    backoff: () => RECONNECT_AFTER_S,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'hauntedai-orchestrator (process lock)' },
    onclose: () => {
      if (released || !hasIt) return;
      hasIt = false;
      void takeAgain();
    },
  });

  async function take(): Promise<boolean> {
    const [row] = await client<{ taken: boolean }[]>`select pg_try_advisory_lock(${PROCESS_LOCK}) as taken`;
    hasIt = row?.taken === true;
    return hasIt;
  }

  async function takeAgain(): Promise<void> {
    while (!released) {
      const taken = await take().catch(() => null);
      if (taken === true || released) return;
      if (taken === false) return lost();
      moveTo(client, await revive());
      await sleep(RETRY_MS);
    }
  }

  const release = async () => {
    released = true;
    await client.end({ timeout: 2 });
  };

  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await take())) {
    if (performance.now() > deadline) {
      await release();
      return null;
    }
    await sleep(RETRY_MS);
  }
  return { release };
}
