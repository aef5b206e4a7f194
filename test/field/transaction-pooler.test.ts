import { describe, expect } from 'vitest';
import { openDatabase } from '../../src/boot/open-database.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { connectDb } from '../../src/db/client.ts';
import { isTransactionPooler } from '../../src/db/pool/transaction-pooler.ts';
import { startPgBouncer } from '../support/databases/pgbouncer.ts';
import { test } from '../support/engine/fixtures.ts';
import { failToStart } from '../support/processes/service-process.ts';

const TRANSACTION_MODES = [
  { pool_mode: 'transaction' },
  { pool_mode: 'transaction', default_pool_size: 1 },
  { pool_mode: 'transaction', server_round_robin: 1 },
  { pool_mode: 'statement' },
];

describe('a pooler in transaction mode', () => {
  test('the service refuses it in one line that says what to use instead', async ({ database }) => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'transaction' });
    const { code, stderr } = await failToStart({ DATABASE_URL: `${pooler.url}?pgbouncer=true` });
    await pooler.stop();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^DATABASE_URL: [^\n]+\n$/) });
    expect(stderr).toMatch(/a connection pooler in transaction mode, .*pool_mode = session/);
  });

  test.for(TRANSACTION_MODES)('%j is recognized', async (settings, { database }) => {
    const pooler = await startPgBouncer(database.url, settings);
    const opening = openDatabase(parseConfig({ DATABASE_URL: pooler.url }), { info() {}, warn() {} }, () => {});
    await expect(opening).rejects.toMatchObject({ name: 'StartupError' });
    await pooler.stop();
  });

  test('it is recognized while others use it', async ({ database }) => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'transaction', default_pool_size: 8 });
    const others = connectDb(pooler.url, { maxConnections: 8 });
    const stop = new AbortController();
    const busy = Array.from({ length: 8 }, async () => {
      // Statements without parameters, which need no prepared statement.
      while (!stop.signal.aborted) await others.client.unsafe('select pg_sleep(0.001)').catch(() => {});
    });
    for (let check = 1; check <= 5; check += 1) expect(await isTransactionPooler(pooler.url)).toBe(true);
    stop.abort();
    await Promise.all(busy);
    await others.close();
    await pooler.stop();
  });
});

describe('connections that keep their session', () => {
  test('a direct connection and a pooler in session mode are accepted, busy or not', async ({ database }) => {
    const pooler = await startPgBouncer(database.url, { pool_mode: 'session' });
    const others = connectDb(pooler.url, { maxConnections: 4 });
    const stop = new AbortController();
    const busy = Array.from({ length: 4 }, async () => {
      while (!stop.signal.aborted) await others.client`select pg_sleep(0.001)`;
    });
    for (const url of [database.url, pooler.url]) {
      for (let check = 1; check <= 3; check += 1) expect(await isTransactionPooler(url), url).toBe(false);
    }
    stop.abort();
    await Promise.all(busy);
    await others.close();
    await pooler.stop();
  });
});
