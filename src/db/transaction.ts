import type { Db, Tx } from './client.ts';
import { isConnectionLost, isRetryable } from './postgres-errors.ts';

const MAX_RUNS = 10;

/** Runs a statement or a transaction, and again when Postgres ended it for a deadlock or a serialization failure. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || run === MAX_RUNS) throw error;
    }
  }
}

/**
 * Runs `work` in a transaction, `retried`. `work` must await nothing but its own `tx`: another connection of the pool
 * might never become free.
 *
 * Every transaction takes its locks in one order, so that deadlocks stay the exception: viewer, room, workflow, step,
 * log head.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  // Wrapped in an object, because the driver would await each item of an array.
  const { value } = await retried(() =>
    db.$client.begin(async (tx) => ({ value: await work(tx).catch(leaveToDriver) })),
  );
  return value;
}

/**
 * The driver rolls a failed transaction back. postgres 3.4 attempts that even when the connection itself was lost: it
 * writes to no socket, outside of any promise, which ends the process. So it must not learn of such a failure; it
 * rejects the transaction by itself when the connection closes.
 * @see https://github.com/porsager/postgres/issues/1208
 */
function leaveToDriver(error: unknown): Promise<never> {
  if (!isConnectionLost(error)) throw error;
  return new Promise(() => {});
}
