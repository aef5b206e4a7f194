import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { folderError } from './embedded-postgres-error.ts';
import { makeFolder } from './make-folder.ts';
import type { PlatformPackage } from './platform-package.ts';
import { type ServerUser, unreachablePart } from './server-user.ts';
import { removeLeftBehind, unfinishedName } from './unfinished.ts';

/** Programs that can be run, as absolute paths. */
export type Binaries = { postgres: string; initdb: string };

type Input = {
  source: PlatformPackage;
  /** Where a copy goes if one is needed: `<location>/binaries-<version>`. */
  location: string;
  user: ServerUser | null;
  log: (message: string) => void;
};

/**
 * Makes PostgreSQL's programs ready to be run: as installed when that is possible, else from a copy at `location`.
 * A copy is made when `user` cannot reach the installed ones, or when they need repair and cannot be written to.
 * @throws {EmbeddedPostgresError} the copy cannot be written.
 */
export async function prepareBinaries({ source, location, user, log }: Input): Promise<Binaries> {
  const obstacle = await obstacleIn(source.native, user);
  if (obstacle === null) return programsIn(source.native);

  const copy = join(location, `binaries-${source.version}`);
  if ((await obstacleIn(copy, user).catch(() => 'missing')) !== null) {
    log(`embedded PostgreSQL runs from a copy of its binaries in ${copy}: ${obstacle}`);
    await copyInto(copy, source.native).catch((cause: unknown) => {
      throw folderError(location, cause);
    });
  }
  return programsIn(copy);
}

/** Why the programs in `native` cannot be run from there, after an attempt at repair, or null. */
async function obstacleIn(native: string, user: ServerUser | null): Promise<string | null> {
  try {
    await repair(native);
  } catch (error) {
    return `${native} is incomplete and cannot be written to (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
  if (user === null) return null;
  for (const part of ['bin/postgres', 'bin/initdb', 'lib', 'share/postgresql']) {
    const blocked = await unreachablePart(join(native, part), user);
    if (blocked !== null) return `${user.name} cannot enter ${blocked}`;
  }
  return null;
}

/** Does what the package's install script does (npm may have been told to run none). Writes only what is missing. */
async function repair(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    if (await lstat(link).catch(() => null)) continue;
    await symlink(relative(dirname(target), source), link).catch(unless('EEXIST'));
  }
  for (const program of Object.values(programsIn(native))) {
    const { mode } = await stat(program);
    if ((mode & 0o111) === 0) await chmod(program, mode | 0o555);
  }
}

async function copyInto(copy: string, native: string): Promise<void> {
  const unfinished = unfinishedName(copy);
  try {
    await makeFolder(dirname(copy));
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await openToAll(unfinished);
    await repair(unfinished);
    await removeOtherVersions(copy);
    await removeLeftBehind(copy);
    await rename(unfinished, copy).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Lets every user read the copy, and us complete it, however private or locked the original was. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isOpen = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, isOpen ? 0o755 : 0o644);
  }
}

/** No server runs from a copy of another version: one that still does is adopted, and then nothing is copied. */
async function removeOtherVersions(copy: string): Promise<void> {
  for (const name of await readdir(dirname(copy))) {
    if (!name.startsWith('binaries-') || name.startsWith(basename(copy))) continue;
    await rm(join(dirname(copy), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function programsIn(native: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
}

function unless(...codes: string[]): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}
