import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DELIVERY_LEASE_MS, type Outbox } from '../orchestrator/ports/outbox.ts';
import { unlessMissing, writeWhole } from './files.ts';

/** Instants in ms since the epoch; null: there is no further attempt. */
type Entry = { attempt: number; availableAt: number | null; error: string | null };

/**
 * An outbox in the files of a folder, one per delivery, for an agent that runs without the service's database. Processes
 * that share the folder may take the same delivery at the same moment. Keys must be valid file names.
 */
export function createFolderOutbox(folder: string): Outbox {
  const write = async (key: string, entry: Entry): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeWhole(folder, key, JSON.stringify(entry));
  };
  const leased = () => Date.now() + DELIVERY_LEASE_MS;

  return {
    async add(key) {
      await write(key, { attempt: 1, availableAt: leased(), error: null });
      return { key, attempt: 1 };
    },

    async take(limit) {
      const taken = [];
      for await (const [key, entry] of entriesIn(folder)) {
        if (entry.availableAt === null || entry.availableAt > Date.now()) continue;
        const attempt = entry.attempt + 1;
        await write(key, { ...entry, attempt, availableAt: leased() });
        taken.push({ key, attempt });
        if (taken.length === limit) break;
      }
      return taken;
    },

    async complete({ key }) {
      await rm(join(folder, key), { force: true });
    },

    async postpone({ key, attempt }, error, delayMs) {
      const entry = await read(join(folder, key));
      if (entry?.attempt !== attempt) return;
      await write(key, { attempt, availableAt: delayMs === null ? null : Date.now() + delayMs, error });
    },

    async revive() {
      let revived = 0;
      for await (const [key, entry] of entriesIn(folder)) {
        if (entry.availableAt !== null) continue;
        await write(key, { ...entry, attempt: 0, availableAt: Date.now() });
        revived += 1;
      }
      return revived;
    },
  };
}

async function* entriesIn(folder: string): AsyncGenerator<[key: string, entry: Entry]> {
  for (const key of (await unlessMissing(readdir(folder))) ?? []) {
    if (key.startsWith('.')) continue;
    const entry = await read(join(folder, key));
    if (entry !== null) yield [key, entry];
  }
}

/** Null: it was delivered meanwhile. */
async function read(path: string): Promise<Entry | null> {
  const text = await unlessMissing(readFile(path, 'utf8'));
  return text === null ? null : (JSON.parse(text) as Entry);
}
