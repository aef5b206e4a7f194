import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, folderError, outputError, spawnError } from './embedded-postgres-error.ts';
import type { ServerUser } from './server-user.ts';
import { initdbArguments, SERVER_ENV } from './settings.ts';
import { removeLeftBehind, unfinishedName } from './unfinished.ts';

/** One database cluster: the folder `postgres` of a location, and what lies in it. */
export type Cluster = { folder: string; data: string; passwordFile: string; logFile: string };

/** Names the parts of the cluster in `location`, whether it exists or not. */
export function clusterIn(location: string): Cluster {
  return partsOf(join(location, 'postgres'));
}

/** The major version whose data the cluster holds, such as `18`, or null if there is no cluster. */
export async function majorVersionOf(cluster: Cluster): Promise<string | null> {
  try {
    return (await readFile(join(cluster.data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw folderError(cluster.data, error);
  }
}

/** @throws {EmbeddedPostgresError} the password is gone or unreadable. */
export async function readPassword(cluster: Cluster): Promise<string> {
  try {
    return (await readFile(cluster.passwordFile, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw folderError(cluster.passwordFile, error);
    throw new EmbeddedPostgresError(
      `the password file ${cluster.passwordFile} is gone: put it back, or move ${cluster.folder} away to start empty`,
    );
  }
}

/**
 * Makes an empty cluster with a password of its own. It is made under another name and renamed when it is complete
 * and on disk, so an interrupted attempt leaves no cluster, and of two processes one provides the cluster for both.
 * @throws {EmbeddedPostgresError} initdb failed; nothing is left of the attempt.
 */
export async function createCluster(cluster: Cluster, initdb: string, user: ServerUser | null): Promise<void> {
  const unfinished = partsOf(unfinishedName(cluster.folder));
  try {
    await removeLeftBehind(cluster.folder);
    await mkdir(unfinished.folder);
    await mkdir(unfinished.data, { mode: 0o700 });
    await writeFile(unfinished.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
    await chmod(unfinished.folder, user === null ? 0o700 : 0o755);
    if (user !== null) {
      await chown(unfinished.data, user.uid, user.gid);
      await chown(unfinished.passwordFile, user.uid, user.gid);
    }
    await runInitdb(initdb, unfinished, user);
    await syncFolder(unfinished.folder);
    await rename(unfinished.folder, cluster.folder).catch(async (error: unknown) => {
      if ((await majorVersionOf(cluster)) === null) throw error;
    });
    await syncFolder(dirname(cluster.folder));
  } catch (error) {
    throw folderError(cluster.folder, error);
  } finally {
    await rm(unfinished.folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function runInitdb(initdb: string, { data, passwordFile }: Cluster, user: ServerUser | null): Promise<void> {
  const owner = user === null ? {} : { uid: user.uid, gid: user.gid };
  const child = spawn(initdb, initdbArguments(data, passwordFile), {
    ...owner,
    cwd: '/',
    env: SERVER_ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', (error) => reject(spawnError(initdb, error)));
  child.on('close', resolve);
  if ((await promise) !== 0) throw outputError('initialising', dirname(dirname(data)), output);
}

function partsOf(folder: string): Cluster {
  return {
    folder,
    data: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'server.log'),
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
