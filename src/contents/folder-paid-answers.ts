import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaidAnswer, PaidAnswers } from '../orchestrator/ports/paid-answers.ts';
import { unlessMissing, writeWhole } from './files.ts';

/** A claim that was not renewed for this long, in ms, belongs to a process that died. */
const CLAIM_MS = 10_000;
const KEEP_MS = 7 * 24 * 60 * 60_000;

/**
 * Paid answers in the files of a folder, for an agent that runs without the service's database. An answer is one file, a
 * claim another one whose time of change tells whether its holder is alive.
 * @param folder is created if it does not exist
 */
export async function openFolderPaidAnswers(folder: string): Promise<PaidAnswers> {
  await mkdir(folder, { recursive: true });
  await removeOld(folder);
  /** Claims of this process. */
  const own = new Set<string>();
  const answerOf = (id: string) => join(folder, `${id}.json`);
  const claimOf = (id: string) => join(folder, `${id}.claim`);
  const reportOf = (id: string) => join(folder, `${id}.reported`);

  async function release(id: string): Promise<void> {
    if (own.delete(id)) await rm(claimOf(id), { force: true });
  }

  async function saved(id: string): Promise<PaidAnswer | null> {
    const json = await unlessMissing(readFile(answerOf(id), 'utf8'));
    return json === null ? null : { json, isReported: (await ageOf(reportOf(id))) !== null };
  }

  return {
    async claim(id) {
      const before = await saved(id);
      if (before !== null) return before;
      const age = await ageOf(claimOf(id));
      const isAbandoned = age !== null && age > CLAIM_MS;
      if (isAbandoned) await rm(claimOf(id), { force: true });
      const isMine = await writeFile(claimOf(id), '', { flag: 'wx' }).then(() => true, falseIfPresent);
      if (!isMine) return 'taken';
      own.add(id);
      // It may have been saved since, and its claim ended.
      const since = await saved(id);
      if (since !== null) await release(id);
      return since ?? (isAbandoned ? 'taken over' : 'claimed');
    },
    async renew(ids) {
      const now = new Date();
      await Promise.all(ids.filter((id) => own.has(id)).map((id) => utimes(claimOf(id), now, now)));
    },
    async save(id, json) {
      if ((await ageOf(answerOf(id))) === null) await writeWhole(folder, `${id}.json`, json);
      await release(id);
    },
    release,
    markReported: (id) => writeFile(reportOf(id), ''),
    async forget(id) {
      await rm(answerOf(id), { force: true });
      await rm(reportOf(id), { force: true });
    },
  };
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (((await ageOf(path)) ?? 0) > KEEP_MS) await rm(path, { force: true });
  }
}

/** Since the file was changed, in ms; null if there is none. */
async function ageOf(path: string): Promise<number | null> {
  const found = await unlessMissing(stat(path));
  return found === null ? null : Date.now() - found.mtimeMs;
}

function falseIfPresent(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
