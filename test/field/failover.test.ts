import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, query } from '../support/clients/graphql-clients.ts';
import { createOwnPostgres, type OwnPostgres } from '../support/databases/own-postgres.ts';
import { startPostgresHaproxy } from '../support/databases/postgres-haproxy.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { readinessOf } from '../support/processes/readiness.ts';
import { type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** Two servers behind one address, which leads to the first. */
let first: OwnPostgres;
let second: OwnPostgres;
let inCharge: OwnPostgres;
let address: TcpProxy;

beforeAll(async () => {
  first = await createOwnPostgres();
  second = await first.createStandby();
  await Promise.all([first.start(), second.start()]);
  inCharge = first;
  address = await startTcpProxy(() => inCharge.port);
});
afterAll(async () => {
  await address.close();
  await Promise.all([first.remove(), second.remove()]);
});

const START = `mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id } } }`;

const start = (service: ServiceProcess) =>
  query<{ startWorkflow: { workflow: { id: string } } }>(service.graphqlUrl, START, { input: { userInput: 'a lamp' } });

async function runWorkflow(service: ServiceProcess, server: OwnPostgres): Promise<void> {
  const id = await waitFor('a start', async () => (await start(service)).data?.startWorkflow.workflow.id);
  await waitFor('the workflow to end', async () => {
    const [row] = await server.execute(`select status from workflows where id = '${id}'`);
    return row?.['status'] === 'succeeded';
  });
}

test('a service whose connections stay on a server that became read-only leaves it, and goes on at the new one', {
  timeout: 120_000,
}, async () => {
  const service = await startService({ DATABASE_URL: `postgres://postgres@127.0.0.1:${address.port}/postgres` });
  try {
    await runWorkflow(service, first);
    await waitFor('replication', async () => (await second.execute('select 1 from workflows')).length === 1);
    await second.execute('select pg_promote()');
    // As an operator or a provider fences the old one: its connections stay.
    await first.execute('alter system set default_transaction_read_only = on');
    await first.execute('select pg_reload_conf()');
    expect(
      codeOf(
        await waitFor('a refusal', async () => {
          const answer = await start(service);
          return answer.errors && answer;
        }),
      ),
    ).toBe('SERVICE_UNAVAILABLE');
    const notReady = await waitFor('not ready', async () => {
      const { status, reasons } = await readinessOf(service);
      return status === 503 && reasons;
    });
    expect(notReady).toMatchObject({
      database: 'the server is read-only: it is a standby, or default_transaction_read_only is on',
    });
    inCharge = second;
    await runWorkflow(service, second);
    await waitFor('ready', async () => (await readinessOf(service)).status === 200);
    // The lock of the one process on a database without Redis.
    const locks = (server: OwnPostgres) => server.execute(`select from pg_locks where locktype = 'advisory'`);
    await waitFor('the lock', async () => (await locks(second)).length === 1);
    expect(await locks(first)).toHaveLength(0);
  } finally {
    await service.stop();
  }
});

test('behind HAProxy a service goes on at the next server, and never settles on a standby', {
  timeout: 120_000,
}, async () => {
  const old = await createOwnPostgres();
  const standby = await old.createStandby();
  await Promise.all([old.start(), standby.start()]);
  const haproxy = await startPostgresHaproxy([old.port, standby.port]);
  const url = `postgres://postgres@127.0.0.1:${haproxy.port}/postgres`;
  await waitFor('HAProxy', () => reaches(url));
  const service = await startService({ DATABASE_URL: url });
  try {
    await runWorkflow(service, old);
    await waitFor('replication', async () => (await standby.execute('select from workflows')).length > 0);
    await old.stop();
    // HAProxy leads to the standby now, which takes no writes yet.
    const reasons = await waitFor('a standby', async () => {
      const state = await readinessOf(service);
      return /read-only/.test(state.reasons['database'] ?? '') && state.reasons;
    });
    expect(reasons).toHaveProperty('database');
    await standby.execute('select pg_promote()');
    await runWorkflow(service, standby);
    await waitFor('ready', async () => (await readinessOf(service)).status === 200);
  } finally {
    await service.stop();
    await haproxy.stop();
    await Promise.all([old.remove(), standby.remove()]);
  }
});

test('a server that disappeared without closing its connections is left within seconds', {
  timeout: 120_000,
}, async () => {
  const server = await createOwnPostgres();
  await server.start();
  const proxy = await startTcpProxy(server.port);
  const service = await startService({ DATABASE_URL: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
  try {
    await runWorkflow(service, server);
    // What was sent on the connections that are open never arrives, and no error is reported.
    proxy.silence();
    await runWorkflow(service, server);
    await waitFor('ready', async () => (await readinessOf(service)).status === 200);
  } finally {
    await service.stop();
    await proxy.close();
    await server.remove();
  }
});

test('a server without a port in DATABASE_URL is found again after a restart', { timeout: 120_000 }, async () => {
  const server = await createOwnPostgres();
  await server.start();
  const env = { DATABASE_URL: 'postgres://postgres@127.0.0.1/postgres', PGPORT: String(server.port) };
  const service = await startService(env);
  try {
    await runWorkflow(service, server);
    await server.stop();
    await waitFor('not ready', async () => (await readinessOf(service)).status === 503);
    // The process lock is lost, and acquired again after the restart.
    await sleep(1_000);
    await server.start();
    await runWorkflow(service, server);
    await waitFor('the lock', async () => {
      const locks = await server.execute(`select from pg_locks where locktype = 'advisory'`);
      return locks.length === 1;
    });
    expect((await readinessOf(service)).status).toBe(200);
  } finally {
    await service.stop();
    await server.remove();
  }
});

async function reaches(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 1 });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 0 });
  }
}
