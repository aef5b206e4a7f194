import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { clusterIn } from '../../../src/embedded-postgres/cluster.ts';
import { waitUntil } from '../../../src/embedded-postgres/server-process.ts';
import { test } from '../../support/embedded-postgres/fixtures.ts';
import { exists, hasMark, isRunning, leaveMark, query } from '../../support/embedded-postgres/probes.ts';

describe('embedded PostgreSQL', () => {
  test('the first start creates the database, and later starts keep its data', async ({ workspace }) => {
    const first = await workspace.start();
    const mark = await leaveMark(first.url);
    await first.close();

    const second = await workspace.start();

    expect(await hasMark(second.url, mark)).toBe(true);
    expect([first.adopted, second.adopted]).toEqual([false, false]);
    expect(second.location).toBe(workspace.dataDir);
    await second.close();
  });

  test('the server is PostgreSQL 18, listens on loopback only, requires a password and has fsync on', async ({
    initializedWorkspace,
  }) => {
    const server = await initializedWorkspace.start();

    const [settings] = await query(
      server.url,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('listen_addresses') AS listen,
        current_setting('unix_socket_directories') AS sockets, current_setting('fsync') AS fsync,
        current_setting('server_encoding') AS encoding,
        (SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules) AS methods`,
    );

    expect(settings).toEqual({
      major: 18,
      listen: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      encoding: 'UTF8',
      methods: ['scram-sha-256'],
    });
    expect((await stat(clusterIn(initializedWorkspace.dataDir).passwordFile)).mode & 0o777).toBe(0o600);
    const intruder = new URL(server.url);
    intruder.password = 'guess';
    await expect(query(intruder.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await server.close();
  });

  test('close leaves no process and no postmaster.pid, even with a session open', async ({ initializedWorkspace }) => {
    const server = await initializedWorkspace.start();
    const pid = await initializedWorkspace.serverPid();
    const session = query(server.url, 'SELECT pg_sleep(60)').catch((error: Error) => error.message);
    const asleep = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
    await waitUntil(async () => (await query(server.url, asleep)).length === 1, 5_000);

    await Promise.all([server.close(), server.close()]);

    expect(isRunning(pid ?? 0)).toBe(false);
    expect(await exists(join(clusterIn(initializedWorkspace.dataDir).data, 'postmaster.pid'))).toBe(false);
    expect(await session).toMatch(/terminat|CONNECTION/);
  });

  test('the server keeps running after Ctrl-C, which signals every process of the terminal', async ({
    initializedWorkspace,
  }) => {
    const service = initializedWorkspace.startInChild();
    const { url } = await service.reported('started');

    service.signalGroup('SIGINT');
    await service.reported('interrupted');

    expect(await query(url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    service.send('close');
    await service.reported('closed');
    expect(await initializedWorkspace.serverPid()).toBeNull();
  });

  test('a released server keeps running for another process that uses it', async ({ initializedWorkspace }) => {
    const starter = initializedWorkspace.startInChild();
    const { url } = await starter.reported('started');
    const user = await initializedWorkspace.start();
    expect(user).toMatchObject({ adopted: true, url });

    starter.send('release');
    await starter.reported('closed');

    expect(await query(user.url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    await user.close();
    expect(await initializedWorkspace.serverPid()).toBeNull();
  });
});

describe('embedded PostgreSQL that cannot start', () => {
  test('data of another major version is refused with one line of instructions', async ({ initializedWorkspace }) => {
    await writeFile(join(clusterIn(initializedWorkspace.dataDir).data, 'PG_VERSION'), '17\n');
    await expect(initializedWorkspace.start()).rejects.toThrow(
      /^embedded PostgreSQL: .+ holds data of PostgreSQL 17, and this is version 18: .+$/,
    );
  });

  test('broken settings are reported with the last fatal line of the server’s log, and no process is left', async ({
    initializedWorkspace,
  }) => {
    await writeFile(join(clusterIn(initializedWorkspace.dataDir).data, 'postgresql.conf'), 'nonsense = 1\n');
    await expect(initializedWorkspace.start()).rejects.toThrow(/^embedded PostgreSQL: .+FATAL: .+ contains errors$/);
    expect(await initializedWorkspace.serverPid()).toBeNull();
  });

  test('a password file that does not match the database is refused with one line of instructions', async ({
    initializedWorkspace,
  }) => {
    await writeFile(clusterIn(initializedWorkspace.dataDir).passwordFile, 'another');
    await expect(initializedWorkspace.start()).rejects.toThrow(
      /^embedded PostgreSQL: .+ does not accept the password .+$/,
    );
    expect(await initializedWorkspace.serverPid()).toBeNull();
  });

  test('a DATA_DIR that is a file is refused with one line of instructions', async ({ workspace }) => {
    await writeFile(workspace.dataDir, 'a file');
    await expect(workspace.start()).rejects.toThrow(
      /^embedded PostgreSQL: cannot use .+: repair it, or set DATA_DIR .+$/,
    );
  });
});
