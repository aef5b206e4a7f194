import type { Db, DrizzleTx, Tx } from './client.ts';
import { isConnectionLost, isRetryable } from './errors.ts';

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
 * Runs `work` in a transaction, `retried`.
 *
 * Locks are taken in one order, so that deadlocks stay the exception: viewer, room, workflow, step, log head. `work`
 * awaits nothing but its own `tx`: a second connection of the pool might never come.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  // In a box, for the driver would wait for each item of an array.
  const { value } = await retried(() =>
    db.$client.begin(async (tx) => ({ value: await work(tx).catch(leaveToDriver) })),
  );
  return value;
}

/** The same for statements that Drizzle writes. */
export async function inDrizzleTransaction<T>(db: Db, work: (tx: DrizzleTx) => Promise<T>): Promise<T> {
  return await retried(() => db.transaction(async (tx) => await work(tx).catch(leaveToDriver)));
}

/**
 * A failed transaction is rolled back by the driver, which postgres 3.4 attempts also when the connection itself is
 * gone: it then writes to no socket, outside of any promise, and that ends the process. So it is not told of a failure
 * of that kind. It rejects the transaction by itself when the connection closes.
 * @see https://github.com/porsager/postgres/issues/1208
 */
function leaveToDriver(error: unknown): Promise<never> {
  if (!isConnectionLost(error)) throw error;
  return new Promise(() => {});
}
