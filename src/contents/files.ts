import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a file, or replaces it, in one step: no reader and no crash ever sees half of it. */
export async function writeWhole(folder: string, name: string, data: string | Uint8Array): Promise<void> {
  const staged = join(folder, `.new-${randomUUID()}`);
  try {
    await writeFile(staged, data, { flush: true });
    await rename(staged, join(folder, name));
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

/** What was read; null if the file does not exist. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
