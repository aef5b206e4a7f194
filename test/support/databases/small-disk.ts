import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';

const run = promisify(execFile);

export type SmallDisk = {
  folder: string;
  /** Uses up all of its space. */
  fill(): Promise<void>;
  /** Frees what `fill` used. */
  free(): Promise<void>;
  unmount(): Promise<void>;
};

/** Mounts a file system in memory. @returns null without the right to mount */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | null> {
  const folder = await makeTemporaryFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    // Fails when no space is left.
    fill: () => writeFile(filler, Buffer.alloc(megabytes * 2 ** 20)).catch(() => {}),
    free: () => rm(filler),
    async unmount() {
      await run('umount', ['-l', folder]);
      await rm(folder, { recursive: true });
    },
  };
}
