import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder (an absolute path) and those above it, as `mkdir` with `recursive` does. That one never ends where a
 * folder is there and yet none can be made in it, as in /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await makeOne(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch(unlessFolder(path));
}

/** False: the folder above is missing. */
async function makeOne(path: string): Promise<boolean> {
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
    // A root or a mount point may say something else than that it is there.
    const isThere = await stat(path).catch(() => null);
    if (isThere?.isDirectory() !== true) throw error;
  };
}
