import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDb, type Database } from '../../../src/db/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let admin: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = postgres(database.url, { max: 1 });
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** Each row fills what Postgres sends at once, so that some have come when it is cut. */
const ROWS = `select repeat('x', 10000) as text, pg_sleep(0.01) from generate_series(1, 10000)`;

/** Cuts a result of the pool's one connection short, in the middle of its rows. */
async function cutShort({ client }: Database, by: 'pg_terminate_backend' | 'pg_cancel_backend'): Promise<void> {
  const cut = client.unsafe(ROWS).then(
    () => 'whole',
    () => 'cut',
  );
  await waitFor('the middle of the result', async () => {
    const [running] = await admin`
      select pid from pg_stat_activity
      where query = ${ROWS} and state = 'active' and clock_timestamp() - query_start > interval '0.3 s'`;
    if (running === undefined) return false;
    await admin.unsafe(`select ${by}(${running['pid']})`);
    return true;
  });
  expect(await cut).toBe('cut');
}

test.each(['pg_terminate_backend', 'pg_cancel_backend'] as const)(
  'after %s has cut a result short, the next statement on the connection returns all of its rows',
  async (by) => {
    const pool = connectDb(database.url, { maxConnections: 1 });
    const { client, db } = pool;
    const ask: (() => Promise<Iterable<unknown>>)[] = [
      () => client`select 1 as one, ${'a'} as letter`,
      () => client.unsafe(`select 1 as one, 'a' as letter`),
      () => client.begin((tx) => tx`select 1 as one, 'a' as letter`),
      () => client.begin((tx) => tx.savepoint((inner) => inner`select 1 as one, 'a' as letter`)),
      () => db.execute(sql`select 1 as one, 'a' as letter`),
      () => db.transaction((tx) => tx.execute(sql`select 1 as one, 'a' as letter`)),
    ];
    for (const next of ask) {
      await cutShort(pool, by);
      // A terminated backend takes a moment to be gone; who asks it meanwhile is refused.
      const result = await waitFor('an answer', () => next().catch(() => undefined));
      expect([...result]).toEqual([{ one: 1, letter: 'a' }]);
    }
    await pool.close();
  },
);
