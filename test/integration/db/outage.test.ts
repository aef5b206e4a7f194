import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { connectDb } from '../../../src/db/client.ts';
import { isUnavailable } from '../../../src/db/postgres-errors.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { test } from '../../support/engine/fixtures.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A way to the database that can be cut, as a dying server cuts it: without a word. */
async function startProxy(target: URL) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = () => {
    for (const socket of sockets) socket.end();
    sockets.clear();
  };
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: url.href, cut, close };
}

describe('losing a connection in the middle of a transaction', () => {
  test('a connection that is lost fails its transaction only; the next one gets a new connection', async ({
    database,
  }) => {
    const proxy = await startProxy(new URL(database.url));
    const { db, close } = connectDb(proxy.url, { maxConnections: 1 });
    const under = inTransaction(db, (tx) => tx`select pg_sleep(60)`).catch((error: unknown) => error);
    await waitFor('the statement to be under way', async () => {
      const sleeping = await database.db.execute(
        sql`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`,
      );
      return sleeping.length === 1;
    });
    proxy.cut();
    expect(isUnavailable(await under)).toBe(true);
    const answer = await waitFor('a connection', () =>
      inTransaction(db, (tx) => tx`select 1 as one`).catch(() => undefined),
    );
    expect([...answer]).toEqual([{ one: 1 }]);
    await close();
    proxy.close();
  });
});
