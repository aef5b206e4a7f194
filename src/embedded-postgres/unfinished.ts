import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const LEFT_BEHIND_AFTER_MS = 60 * 60 * 1000;

/**
 * A name beside `path` under which to prepare what is then renamed to `path`, so that nobody ever sees half of it.
 * It names this process, so that others can tell work under way from what a dead process left behind.
 */
export function unfinishedName(path: string): string {
  return `${path}.new-${process.pid}-${randomUUID().slice(0, 8)}`;
}

/** Removes what dead processes left unfinished beside `path`; what cannot be removed now is left for the next time. */
export async function removeLeftBehind(path: string): Promise<void> {
  const prefix = `${basename(path)}.new-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const unfinished = join(dirname(path), name);
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    // In a container each life of the service may have the same process id: then only age tells.
    const isOld = Date.now() - ((await stat(unfinished).catch(() => null))?.mtimeMs ?? 0) > LEFT_BEHIND_AFTER_MS;
    if (isOld || !isAlive(owner)) await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
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
