import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, folderError, outputError, spawnError } from './errors.ts';
import { removeAbandonedStaging, stagingPath } from './folders.ts';
import { initdbArguments, serverEnvironment } from './server-settings.ts';
import type { ServerUser } from './server-user.ts';

/** A database cluster: the folder `postgres` of a location, and what is in it. */
export type Cluster = { folder: string; data: string; passwordFile: string; logFile: string };

/** The paths of the cluster in `location`, whether it exists or not. */
export function clusterIn(location: string): Cluster {
  return pathsIn(join(location, 'postgres'));
}

/** The PostgreSQL major version of the data, such as `18`; null if there is no cluster. */
export async function majorVersionOf(cluster: Cluster): Promise<string | null> {
  try {
    return (await readFile(join(cluster.data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw folderError(cluster.data, error);
  }
}

/** @throws {EmbeddedPostgresError} the password file is missing or unreadable. */
export async function readPassword(cluster: Cluster): Promise<string> {
  try {
    return (await readFile(cluster.passwordFile, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw folderError(cluster.passwordFile, error);
    throw new EmbeddedPostgresError(
      `the password file ${cluster.passwordFile} is missing: restore it, or move ${cluster.folder} away to start with an empty database`,
    );
  }
}

/**
 * Makes an empty cluster with a random password. It is prepared under another name and renamed once it is complete and
 * on disk. So an interrupted attempt leaves no cluster, and when two processes try at once, both use the winner's.
 * @throws {EmbeddedPostgresError} initdb failed; the attempt leaves nothing behind.
 */
export async function createCluster(cluster: Cluster, initdb: string, user: ServerUser | null): Promise<void> {
  const incomplete = pathsIn(stagingPath(cluster.folder));
  try {
    await removeAbandonedStaging(cluster.folder);
    await mkdir(incomplete.folder);
    await mkdir(incomplete.data, { mode: 0o700 });
    await writeFile(incomplete.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
    await chmod(incomplete.folder, user === null ? 0o700 : 0o755);
    if (user !== null) {
      await chown(incomplete.data, user.uid, user.gid);
      await chown(incomplete.passwordFile, user.uid, user.gid);
    }
    await runInitdb(initdb, incomplete, user);
    await syncFolder(incomplete.folder);
    await rename(incomplete.folder, cluster.folder).catch(async (error: unknown) => {
      if ((await majorVersionOf(cluster)) === null) throw error;
    });
    await syncFolder(dirname(cluster.folder));
  } catch (error) {
    throw folderError(cluster.folder, error);
  } finally {
    await rm(incomplete.folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function runInitdb(initdb: string, { data, passwordFile }: Cluster, user: ServerUser | null): Promise<void> {
  const owner = user === null ? {} : { uid: user.uid, gid: user.gid };
  const child = spawn(initdb, initdbArguments(data, passwordFile), {
    ...owner,
    cwd: '/',
    env: serverEnvironment(process.env),
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
  if ((await promise) !== 0) throw outputError('initializing', dirname(dirname(data)), output);
}

function pathsIn(folder: string): Cluster {
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
