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

/**
 * Mounts a file system in memory.
 * @throws {Error} with instructions without the right to mount, so that the test is not skipped
 */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await makeTemporaryFolder();
  const options = `size=${megabytes}m,mode=0777`;
  await asRoot('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder).catch(async (cause: unknown) => {
    await rm(folder, { recursive: true });
    throw new Error('this test mounts a small file system: run it as root, or as a user who may use sudo', { cause });
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    // Fails when no space is left.
    fill: () => writeFile(filler, Buffer.alloc(megabytes * 2 ** 20)).catch(() => {}),
    free: () => rm(filler),
    async unmount() {
      await asRoot('umount', '-l', folder);
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs a program as root, without asking for a password. */
const asRoot = (program: string, ...args: string[]) =>
  process.getuid?.() === 0 ? run(program, args) : run('sudo', ['--non-interactive', program, ...args]);
