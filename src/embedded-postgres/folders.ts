import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Makes a folder (an absolute path) and its parents. Node's recursive `mkdir` never returns where a parent exists but
 * no folder can be made in it, as in /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await madeInParent(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch(unlessFolder(path));
}

/** False when the parent is missing. */
async function madeInParent(path: string): Promise<boolean> {
  try {
    await mkdir(path).catch(unlessFolder(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return false;
  }
}

function unlessFolder(path: string) {
  return async (error: NodeJS.ErrnoException): Promise<void> => {
    // The root or a mount point may answer with another code than EEXIST.
    const existing = await stat(path).catch(() => null);
    if (existing?.isDirectory() !== true) throw error;
  };
}

/**
 * A name beside `path` under which to prepare what is then renamed to `path`, so that nobody sees it incomplete.
 * The name holds this process's id, which distinguishes work in progress from the leftovers of a dead process.
 */
export function stagingPath(path: string): string {
  return `${path}.new-${process.pid}-${randomUUID().slice(0, 8)}`;
}

/** Removes what dead processes were preparing for `path`. What cannot be removed now is left for the next call. */
export async function removeAbandonedStaging(path: string): Promise<void> {
  const prefix = `${basename(path)}.new-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const staged = join(dirname(path), name);
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    // In a container every run of the service may have the same process id: then only the age distinguishes them.
    const isOld = Date.now() - ((await stat(staged).catch(() => null))?.mtimeMs ?? 0) > ABANDONED_AFTER_MS;
    if (isOld || !isAlive(owner)) await rm(staged, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
