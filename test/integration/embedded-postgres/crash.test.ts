import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { clusterIn, majorVersionOf } from '../../../src/embedded-postgres/cluster.ts';
import { waitUntil } from '../../../src/embedded-postgres/server-process.ts';
import { test } from '../../support/embedded-postgres/fixtures.ts';
import { exists, hasMark, isRunning, leaveMark, query } from '../../support/embedded-postgres/probes.ts';

describe('a server whose service was killed', () => {
  test('the next start adopts the orphaned server with all its data, and close stops it', async ({
    initializedWorkspace,
  }) => {
    const victim = initializedWorkspace.startInChild();
    const { url } = await victim.reported('started');
    const mark = await leaveMark(url);
    const orphan = await initializedWorkspace.serverPid();
    await victim.kill();

    const server = await initializedWorkspace.start();

    expect(server).toMatchObject({ adopted: true, url });
    expect(await initializedWorkspace.serverPid()).toBe(orphan);
    expect(await hasMark(server.url, mark)).toBe(true);
    await server.close();
    expect(await initializedWorkspace.serverPid()).toBeNull();
    expect(await exists(join(clusterIn(initializedWorkspace.dataDir).data, 'postmaster.pid'))).toBe(false);
  });

  test('a server that does not answer is replaced and keeps its data', async ({ initializedWorkspace }) => {
    const victim = initializedWorkspace.startInChild();
    const mark = await leaveMark((await victim.reported('started')).url);
    const hung = (await initializedWorkspace.serverPid()) ?? 0;
    await victim.kill();
    process.kill(hung, 'SIGSTOP');

    const server = await initializedWorkspace.start({ answerMs: 500 });

    expect(server.adopted).toBe(false);
    expect(await initializedWorkspace.serverPid()).not.toBe(hung);
    expect(await hasMark(server.url, mark)).toBe(true);
    await server.close();
  });

  test('a server that is still starting is waited for and adopted', async ({ initializedWorkspace }) => {
    const victim = initializedWorkspace.startInChild();
    expect(await waitUntil(async () => (await initializedWorkspace.serverPid()) !== null, 10_000, 1)).toBe(true);
    await victim.kill();

    const server = await initializedWorkspace.start();

    expect(server.adopted).toBe(true);
    await server.close();
  });
});

describe('a stale postmaster.pid', () => {
  const pidFile = async (dataDir: string, pid: number): Promise<string> => {
    const path = join(clusterIn(dataDir).data, 'postmaster.pid');
    await writeFile(path, `${pid}\n${clusterIn(dataDir).data}\n1700000000\n5432\n\n127.0.0.1\n1 1\nready\n`);
    return path;
  };

  test('a postmaster.pid whose process is gone does not prevent a start', async ({ initializedWorkspace }) => {
    const victim = initializedWorkspace.startInChild();
    await victim.reported('started');
    const postmaster = (await initializedWorkspace.serverPid()) ?? 0;
    await victim.kill();
    process.kill(postmaster, 'SIGKILL');
    await waitUntil(async () => (await initializedWorkspace.serverPid()) === null, 5_000);
    expect(await exists(join(clusterIn(initializedWorkspace.dataDir).data, 'postmaster.pid'))).toBe(true);

    const server = await initializedWorkspace.start();

    expect(server.adopted).toBe(false);
    await server.close();
  });

  test('an unrelated program with the process id in postmaster.pid is left alone', async ({ initializedWorkspace }) => {
    const bystander = spawn('sleep', ['60']);
    try {
      await pidFile(initializedWorkspace.dataDir, bystander.pid ?? 0);

      const server = await initializedWorkspace.start();

      expect(server.adopted).toBe(false);
      await server.close();
      expect(isRunning(bystander.pid ?? 0)).toBe(true);
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  test('a postmaster.pid that names the server of another folder is refused, and that server is left alone', async ({
    initializedWorkspace,
    workspace,
  }) => {
    const elsewhere = join(workspace.folder, 'other');
    await workspace.startInChild({ dataDir: elsewhere }).reported('started');
    const pid = (await workspace.serverPid(elsewhere)) ?? 0;
    const path = await pidFile(initializedWorkspace.dataDir, pid);

    await expect(initializedWorkspace.start()).rejects.toThrow(
      /^embedded PostgreSQL: .+ names process \d+, .+ delete that file$/,
    );

    expect(isRunning(pid)).toBe(true);
    expect(await readFile(path, 'utf8')).toContain(String(pid));
  });

  test('an empty postmaster.pid does not prevent a start', async ({ initializedWorkspace }) => {
    await writeFile(join(clusterIn(initializedWorkspace.dataDir).data, 'postmaster.pid'), '');
    const server = await initializedWorkspace.start({ answerMs: 200 });
    expect(server.adopted).toBe(false);
    await server.close();
  });
});

describe('creating a database', () => {
  test('a database whose creation was interrupted is created anew', async ({ workspace }) => {
    const victim = workspace.startInChild();
    const isInProgress = async (): Promise<boolean> => {
      const unfinished = (await readdir(workspace.dataDir).catch(() => [])).find((name) =>
        name.startsWith('postgres.new-'),
      );
      return unfinished !== undefined && (await exists(join(workspace.dataDir, unfinished, 'data', 'PG_VERSION')));
    };
    expect(await waitUntil(isInProgress, 10_000, 1)).toBe(true);
    victim.signalGroup('SIGKILL');
    await victim.kill();
    expect(await majorVersionOf(clusterIn(workspace.dataDir))).toBeNull();

    const server = await workspace.start();

    expect(await query(server.url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    expect(await readdir(workspace.dataDir)).toEqual(['postgres']);
    await server.close();
  });

  test('two processes that start at once share one database: one starts the server, the other adopts it', async ({
    workspace,
  }) => {
    const both = [workspace.startInChild(), workspace.startInChild()];
    const [one, two] = await Promise.all(both.map((process) => process.reported('started')));

    expect(one?.url).toBe(two?.url);
    expect([one?.adopted, two?.adopted].sort()).toEqual([false, true]);
    expect(await readdir(workspace.dataDir)).toEqual(['postgres']);
    expect(await query(one?.url ?? '', 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
  });
});
