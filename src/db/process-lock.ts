import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { moveTo, RECONNECT_AFTER_S } from './client.ts';

/** Any number, the same in every process: held by the one process that works on a database without Redis. */
const PROCESS_LOCK = 1_751_217_007;
const RETRY_MS = 250;
/** A process that was killed a moment ago may still count as connected. */
const PATIENCE_MS = 3_000;

export type ProcessLock = { release(): Promise<void> };

/**
 * Holds a session lock on a connection of its own for the process's life: without Redis, one process works on a
 * database. After an outage of Postgres it is taken again; `lost` is called when another process was quicker.
 * @param revive called while Postgres is away; sees to it that it comes back, and says where.
 * @returns null when another process has it.
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

  const patientUntil = performance.now() + PATIENCE_MS;
  while (!(await take())) {
    if (performance.now() > patientUntil) {
      await release();
      return null;
    }
    await sleep(RETRY_MS);
  }
  return { release };
}
