import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.ts';

const run = promisify(execFile);

/** The user that runs the server when the service runs as root, which PostgreSQL refuses to do. */
export type ServerUser = { name: string; uid: number; gid: number };

const OWN_NAME = 'hauntedai';

/** Whether this process runs as root; never so on Windows. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Picks an unprivileged user for a new database: `postgres` or `hauntedai` if the system has one, else a new system user
 * `hauntedai`, else `nobody`. An existing database keeps its owner, see `ownerOf`.
 * @throws {EmbeddedPostgresError} the system has no such user and none can be created.
 */
export async function pickServerUser(): Promise<ServerUser> {
  const known = (await lookUp('postgres')) ?? (await lookUp(OWN_NAME));
  const user = known ?? (await createUser()) ?? (await lookUp('nobody'));
  if (user !== null) return user;
  throw new EmbeddedPostgresError(
    'PostgreSQL does not run as root, and no other user exists or can be created: start the service as another user, or set DATABASE_URL',
  );
}

/** The owner of `path`, or null when that is root. */
export async function ownerOf(path: string): Promise<ServerUser | null> {
  const { uid, gid } = await stat(path);
  return uid === 0 ? null : { name: `user ${uid}`, uid, gid };
}

/**
 * The first part of `path`, from the root down, that `user` may not enter or, for a file, not read and execute; null if
 * there is none. Checks permission bits only: an access list that allows more is not considered.
 */
export async function unreachablePart(path: string, user: ServerUser): Promise<string | null> {
  for (const part of partsOf(await realpath(path))) {
    const stats = await stat(part);
    const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
    const needed = stats.isDirectory() ? 0o1 : 0o5;
    if (((stats.mode >> shift) & needed) !== needed) return part;
  }
  return null;
}

function partsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...partsOf(parent), path];
}

async function lookUp(name: string): Promise<ServerUser | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
    );
    if (uid === undefined || gid === undefined || !(uid > 0)) return null;
    return { name: `user ${name}`, uid, gid };
  } catch {
    return null;
  }
}

/** Only checks whether the user exists afterwards: another process may have created it first. */
async function createUser(): Promise<ServerUser | null> {
  const attempts: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', OWN_NAME]],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', OWN_NAME]],
  ];
  for (const [program, args] of attempts) {
    await run(program, args).catch(() => undefined);
    const user = await lookUp(OWN_NAME);
    if (user !== null) return user;
  }
  return null;
}
