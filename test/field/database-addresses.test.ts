import { once } from 'node:events';
import { chmod, chown, copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { test as base, expect, inject } from 'vitest';
import { openDatabase } from '../../src/boot/open-database.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { connectDb } from '../../src/db/client.ts';
import { clusterIn } from '../../src/embedded-postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.ts';
import { type CertificateFiles, makeCertificates } from '../support/network/certificates.ts';
import { startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';

type Server = { port: number; user: string; certificates: CertificateFiles };

/** A server that accepts connections with and without TLS, with a certificate for `localhost` and its address. */
const test = base
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeTemporaryFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('server', { scope: 'file' }, async ({ folder }, { onCleanup }): Promise<Server> => {
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => {} });
    onCleanup(() => server.close());
    const certificates = await makeCertificates(folder, 'DNS:localhost,IP:127.0.0.1');
    // PostgreSQL wants its key to be readable by itself alone.
    const { data } = clusterIn(server.location);
    const { uid, gid } = await stat(data);
    for (const [source, name] of [
      [certificates.cert, 'server.crt'],
      [certificates.key, 'server.key'],
    ] as const) {
      await copyFile(source, join(data, name));
      await chmod(join(data, name), 0o600);
      await chown(join(data, name), uid, gid);
    }
    const admin = postgres(server.url, { max: 1, onnotice: () => {} });
    await admin.unsafe('alter system set ssl = on');
    await admin.unsafe('create database "my rooms"');
    await admin.unsafe("create role tls_only login password 'pw'");
    const rules = join(data, 'pg_hba.conf');
    await writeFile(rules, `hostnossl all tls_only all reject\n${await readFile(rules, 'utf8')}`);
    await admin`select pg_reload_conf()`;
    await admin.end();
    const { port, username, password } = new URL(server.url);
    return { port: Number(port), user: `${username}:${password}`, certificates };
  });

/** Forwards connections to the server. */
async function forwardTo(port: number, options: ListenOptions): Promise<AsyncDisposable> {
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  proxy.listen(options);
  await once(proxy, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

async function databaseAt(url: string): Promise<{ name: string; tls: boolean }> {
  const { client, close } = connectDb(url, { maxConnections: 1 });
  try {
    const [row] = await client<{ name: string; tls: boolean }[]>`
      select current_database() as name, (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls`;
    return { name: row?.name ?? '', tls: row?.tls ?? false };
  } finally {
    await close();
  }
}

test('the ways to write the address of a server all lead there', async ({ server: { port, user } }) => {
  await using _v6 = await forwardTo(port, { host: '::1', port });
  const name = 'my rooms';
  const urls = [
    `postgres://${user}@127.0.0.1:${port}/my%20rooms`,
    `postgres://${user}@[::1]:${port}/my%20rooms`,
    `postgres://${user}@127.0.0.1:1,localhost:${port}/my%20rooms?target_session_attrs=read-write`,
    `postgres://${user}@/my%20rooms?host=127.0.0.1&port=${port}&schema=public&connection_limit=5&pgbouncer=true`,
  ];
  for (const url of urls) expect(await databaseAt(url), url).toEqual({ name, tls: false });
});

test('a Unix socket is used without TLS, whatever sslmode says', async ({ folder, server: { port, user } }) => {
  await using _socket = await forwardTo(port, { path: join(folder, '.s.PGSQL.5433') });
  const name = 'postgres';
  expect(await databaseAt(`postgres://${user}@/postgres?host=${folder}&port=5433&sslmode=require`)).toEqual({
    name,
    tls: false,
  });
  expect(await databaseAt(`postgres://${user}@${encodeURIComponent(folder)}:5433/postgres`)).toEqual({
    name,
    tls: false,
  });
});

test('each sslmode encrypts and verifies as libpq describes it', async ({ server: { port, user, certificates } }) => {
  const at = (query: string, host = 'localhost') => databaseAt(`postgres://${user}@${host}:${port}/postgres?${query}`);
  const ca = `sslrootcert=${certificates.ca}`;
  for (const query of ['sslmode=prefer', 'sslmode=require', 'sslmode=no-verify', `sslmode=verify-ca&${ca}`]) {
    expect(await at(query), query).toEqual({ name: 'postgres', tls: true });
  }
  for (const host of ['localhost', '127.0.0.1']) {
    expect(await at(`sslmode=verify-full&${ca}`, host), host).toMatchObject({ tls: true });
    expect(await at(`sslmode=require&channel_binding=require&${ca}`, host), host).toMatchObject({ tls: true });
  }
  expect(await at('sslmode=disable')).toMatchObject({ tls: false });
  await expect(at('sslmode=verify-full')).rejects.toMatchObject({ cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } });
  await expect(at('channel_binding=require')).rejects.toMatchObject({
    cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  });
});

test('a service runs over a connection that its own authority vouches for', async ({
  server: { port, user, certificates },
}) => {
  const service = await startService({
    DATABASE_URL: `postgres://${user}@localhost:${port}/postgres?sslmode=verify-full&sslrootcert=${certificates.ca}`,
  });
  expect((await fetch(new URL('/health/ready', service.graphqlUrl))).status).toBe(200);
  await service.stop();
});

test('a service that cannot connect says in one line what to write instead', async ({
  folder,
  server: { port, user, certificates },
}) => {
  await using _name = await forwardTo(port, { host: '127.0.0.2', port });
  const ca = `sslrootcert=${certificates.ca}`;
  const plainOnly = new URL(inject('databaseUrl'));
  const cases: [url: string, message: RegExp][] = [
    [
      `postgres://${user}@localhost:${port}/postgres?sslmode=verify-full`,
      /Add sslrootcert=\/path\/to\/ca\.pem to DATABASE_URL/,
    ],
    [
      `postgres://${user}@localhost:${port}/postgres?sslmode=require&channel_binding=require`,
      /add sslrootcert=\/path\/to\/ca\.pem to DATABASE_URL, or remove channel_binding/,
    ],
    [
      `postgres://${user}@127.0.0.2:${port}/postgres?sslmode=verify-full&${ca}`,
      /Use a host name that the server’s certificate lists/,
    ],
    [`${plainOnly.href}?sslmode=require`, /does not seem to accept TLS: remove sslmode/],
    [`postgres://tls_only:pw@localhost:${port}/postgres`, /accepts only TLS: add sslmode=require/],
    [
      `postgres://${user}@localhost:${port}/postgres?poolmode=session`,
      /Remove poolmode from the parameters of DATABASE_URL/,
    ],
    [
      `postgres://${user}@localhost:${port}/postgres?sslmode=verify-full&sslrootcert=${folder}/none.pem`,
      /sslrootcert: cannot read .*none\.pem \(ENOENT\)/,
    ],
    [`postgres://${user}@localhost:${port}/none`, /database "none" does not exist\. Create it first/],
  ];
  for (const [url, message] of cases) {
    const starting = openDatabase(parseConfig({ DATABASE_URL: url }), { info: () => {}, warn: () => {} }, () => {});
    await expect(starting, url).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(message),
    });
    await expect(starting, url).rejects.toThrow(/^DATABASE_URL: [^\n]+$/);
  }
});
