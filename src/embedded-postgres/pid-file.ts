import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedName } from './unfinished.ts';

/** What postmaster.pid says of the server. An empty or cut file gives `pid` 0. */
export type PidRecord = {
  pid: number;
  /** 0 until the server has written it. */
  port: number;
  /** `starting`, `ready`, `stopping`, or empty until the server has written it. */
  status: string;
};

/** Reads the lines of postmaster.pid: 1 process id, 2 data folder, 3 start time, 4 port, … 8 status. */
function parsePidFile(text: string): PidRecord {
  const lines = text.split('\n').map((line) => line.trim());
  return { pid: Number.parseInt(lines[0] ?? '', 10) || 0, port: Number(lines[3] ?? '') || 0, status: lines[7] ?? '' };
}

/** What the server of `data` wrote down about itself, or null if there is no postmaster.pid. */
export async function readPidFile(data: string): Promise<PidRecord | null> {
  try {
    return parsePidFile(await readFile(pidFileOf(data), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Removes postmaster.pid if it still names `pid`. Needed only where another program got the process id of a server
 * that is gone, for then PostgreSQL takes that program for the server and refuses to start.
 */
export async function discardPidFile(data: string, pid: number): Promise<void> {
  // Moved away before it is judged: between judging and removing, a new server could have written its own.
  const aside = unfinishedName(pidFileOf(data));
  try {
    await rename(pidFileOf(data), aside);
    if (parsePidFile(await readFile(aside, 'utf8')).pid !== pid) await link(aside, pidFileOf(data));
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function pidFileOf(data: string): string {
  return join(data, 'postmaster.pid');
}
