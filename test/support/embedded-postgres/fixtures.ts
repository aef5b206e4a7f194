import { chmod, mkdtemp, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test as base } from 'vitest';
import { clusterIn } from '../../../src/embedded-postgres/cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/embedded-postgres/index.ts';
import { locationElsewhere } from '../../../src/embedded-postgres/location.ts';
import { identifyProcess, readPidFile, waitUntil } from '../../../src/embedded-postgres/server-process.ts';
import { type ChildPostgres, startChildPostgres } from './child-process.ts';

/** A folder in which an embedded PostgreSQL can be started. Its DATA_DIR need not exist. */
export type Workspace = {
  folder: string;
  dataDir: string;
  /** The log of the servers that this process started. */
  log: string[];
  start(timeouts?: { answerMs: number }): Promise<EmbeddedPostgres>;
  startInChild(task?: { dataDir?: string; module?: string; uid?: number }): ChildPostgres;
  /** The process id of the server that runs in the data directory, or null. */
  serverPid(dataDir?: string): Promise<number | null>;
};

type ManagedWorkspace = { workspace: Workspace; stopAll: () => Promise<void>; remove: () => Promise<void> };

/**
 * As vitest's `test`, with `workspace`, an empty folder for one test, and `initializedWorkspace`, a workspace whose DATA_DIR holds a
 * database. That one is shared by the tests of a file; whatever a test did to its servers and settings is undone.
 */
export const test = base
  .extend('initializedOnce', { scope: 'file' }, async ({}, { onCleanup }) => {
    const managed = await makeWorkspace();
    onCleanup(managed.remove);
    await (await managed.workspace.start()).close();
    return { ...managed, restore: await rememberSettings(managed.workspace.dataDir) };
  })
  .extend('initializedWorkspace', async ({ initializedOnce }, { onCleanup }) => {
    onCleanup(async () => {
      await initializedOnce.stopAll();
      await initializedOnce.restore();
    });
    return initializedOnce.workspace;
  })
  .extend('workspace', async ({}, { onCleanup }) => {
    const managed = await makeWorkspace();
    onCleanup(managed.remove);
    return managed.workspace;
  });

async function makeWorkspace(): Promise<ManagedWorkspace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'embedded-')));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const log: string[] = [];
  const others: ChildPostgres[] = [];
  const used = new Set([dataDir]);
  const workspace: Workspace = {
    folder,
    dataDir,
    log,
    start: (timeouts = { answerMs: 10_000 }) =>
      startEmbeddedPostgres({ dataDir, log: (line) => log.push(line), timeouts }),
    startInChild(task = {}) {
      const other = startChildPostgres({ dataDir, ...task });
      others.push(other);
      used.add(task.dataDir ?? dataDir);
      return other;
    },
    serverPid: (where = dataDir) => serverPid(where),
  };
  const locations = (): string[] => [...used].flatMap((dir) => [dir, locationElsewhere(dir)]);
  const stopAll = async (): Promise<void> => {
    for (const other of others.splice(0)) await other.kill();
    for (const location of locations()) await killServer(location);
  };
  const remove = async (): Promise<void> => {
    await stopAll();
    for (const path of [folder, ...locations()]) await rm(path, { recursive: true, force: true });
    await rmdir(dirname(locationElsewhere(dataDir))).catch(() => undefined);
  };
  return { workspace, stopAll, remove };
}

/** Saves the files that tests damage. @returns a function that restores them */
async function rememberSettings(dataDir: string): Promise<() => Promise<void>> {
  const { data, passwordFile } = clusterIn(dataDir);
  const paths = [passwordFile, join(data, 'PG_VERSION'), join(data, 'postgresql.conf')];
  const kept = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path) })));
  return async () => {
    for (const { path, text } of kept) await writeFile(path, text);
    await rm(join(data, 'postmaster.pid'), { force: true });
  };
}

async function serverPid(location: string): Promise<number | null> {
  const { data } = clusterIn(location);
  const pid = (await readPidFile(data))?.pid ?? 0;
  return pid !== 0 && (await identifyProcess(pid, data)) === 'server' ? pid : null;
}

/** Kills a server that a test has left running. */
async function killServer(location: string): Promise<void> {
  const pid = await serverPid(location).catch(() => null);
  if (pid === null) return;
  process.kill(pid, 'SIGKILL');
  await waitUntil(async () => (await serverPid(location)) === null, 5_000);
}
