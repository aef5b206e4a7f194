import type { Db, Tx } from './client.ts';
import { isRetryable } from './errors.ts';

const MAX_RUNS = 10;

/**
 * Runs `work` in a transaction, and again when Postgres ended it for a deadlock or a serialization failure.
 *
 * Locks are taken in one order, so that deadlocks stay the exception: viewer, room, workflow, step, log head. `work`
 * awaits nothing but its own `tx`: a second connection of the pool might never come.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (!isRetryable(error) || run === MAX_RUNS) throw error;
    }
  }
}
