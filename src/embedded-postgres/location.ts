import { createHash } from 'node:crypto';
import { chmod, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { clusterIn, majorVersionOf } from './cluster.ts';
import { EmbeddedPostgresError, folderError } from './errors.ts';
import { makeFolder } from './folders.ts';
import { isRoot, ownerOf, pickServerUser, type ServerUser, unreachablePart } from './server-user.ts';

/** Where the data is stored (a real path), and the user that runs the server (null: the user of this process). */
export type Location = { path: string; user: ServerUser | null };

const ELSEWHERE = '/var/lib/hauntedai';

/**
 * Decides where the data is stored, and creates that folder. Normally it is `dataDir`. When the service runs as root and
 * the server's user cannot enter `dataDir`, it is a folder of /var/lib/hauntedai named after a hash of `dataDir`. An
 * existing database is never moved.
 * @throws {EmbeddedPostgresError} the folder cannot be made, or contains a database that its owner can no longer reach.
 */
export async function chooseLocation(dataDir: string, log: (message: string) => void): Promise<Location> {
  const wanted = resolve(dataDir);
  if (!isRoot()) return { path: await madeFolder(wanted), user: null };

  const elsewhere = locationElsewhere(wanted);
  for (const path of [wanted, elsewhere]) {
    const cluster = clusterIn(path);
    if ((await majorVersionOf(cluster)) === null) continue;
    const user = (await ownerOf(cluster.data)) ?? (await pickServerUser());
    const blocked = await unreachablePart(cluster.folder, user);
    if (blocked !== null) throw unreachable(cluster.folder, user, blocked);
    if (path === elsewhere) log(`embedded PostgreSQL: the data is in ${elsewhere}, not in ${wanted}`);
    return { path: await realpath(path), user };
  }

  const user = await pickServerUser();
  const path = await madeFolder(wanted);
  const blocked = await unreachablePart(path, user);
  if (blocked === null) return { path, user };
  log(
    `embedded PostgreSQL: the data is in ${elsewhere}, because the server runs as ${user.name}, who cannot enter ${blocked}`,
  );
  return { path: await makeFolderForAll(elsewhere), user };
}

/** The folder used instead of `dataDir` (absolute) when the server's user cannot enter that one. */
export function locationElsewhere(dataDir: string): string {
  return join(ELSEWHERE, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

async function madeFolder(path: string): Promise<string> {
  try {
    await makeFolder(path);
    return await realpath(path);
  } catch (error) {
    throw folderError(path, error);
  }
}

/** As `madeFolder`, and lets every user enter the last two folders, whatever the umask. */
async function makeFolderForAll(path: string): Promise<string> {
  const real = await madeFolder(path);
  await chmod(dirname(real), 0o755);
  await chmod(real, 0o755);
  return real;
}

function unreachable(folder: string, user: ServerUser, blocked: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the database in ${folder} belongs to ${user.name}, who cannot enter ${blocked}: grant access (chmod o+x ${blocked}), or set DATA_DIR to another folder`,
  );
}
