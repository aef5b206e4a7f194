import { execFile } from 'node:child_process';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.ts';
import { stagingPath } from './folders.ts';

/** The content of postmaster.pid. An empty or truncated file gives `pid` 0. */
export type PidRecord = {
  pid: number;
  /** 0 until the server has written it. */
  port: number;
  /** `starting`, `ready`, `stopping`, or empty until the server has written it. */
  status: string;
};

/** What a process is: the server of the data folder, a PostgreSQL server of another folder, unrelated, or gone. */
export type ProcessKind = 'server' | 'other-server' | 'unrelated' | 'gone';

/** What the server of `data` recorded about itself, or null without a postmaster.pid. */
export async function readPidFile(data: string): Promise<PidRecord | null> {
  try {
    return parsePidFile(await readFile(pidFileOf(data), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The lines are: 1 process id, 2 data folder, 3 start time, 4 port, … 8 status. */
function parsePidFile(text: string): PidRecord {
  const lines = text.split('\n').map((line) => line.trim());
  return { pid: Number.parseInt(lines[0] ?? '', 10) || 0, port: Number(lines[3] ?? '') || 0, status: lines[7] ?? '' };
}

/**
 * Removes postmaster.pid if it still names `pid`. Needed when an unrelated program has got the process id of a dead
 * server: PostgreSQL would take that program for the server and refuse to start.
 */
export async function discardPidFile(data: string, pid: number): Promise<void> {
  // Moved away before it is read again: between a check and the removal a new server could write its own file.
  const aside = stagingPath(pidFileOf(data));
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

/** Identifies `pid` by its command line. A process that has ended but was not reaped counts as gone. */
export async function identifyProcess(pid: number, data: string): Promise<ProcessKind> {
  const command = `${await commandLineOf(pid)} `;
  if (command.trim() === '') return 'gone';
  if (command.includes(`/postgres -D ${data} `)) return 'server';
  return /(^|\/)postgres /.test(command) ? 'other-server' : 'unrelated';
}

/**
 * Stops the server `pid` of `data` and waits until it is gone: first by a fast shutdown, which ends its sessions, after
 * `fastMs` by an immediate one, finally by SIGKILL. Committed data survives each of them. If `pid` is any other process,
 * nothing is signalled.
 * @throws {EmbeddedPostgresError} the server does not exit.
 */
export async function stopServer(pid: number, data: string, fastMs: number): Promise<void> {
  const isGone = async (): Promise<boolean> => (await identifyProcess(pid, data)) !== 'server';
  const stages = [
    ['SIGINT', fastMs],
    ['SIGQUIT', Math.min(fastMs, 5_000)],
    ['SIGKILL', 5_000],
  ] as const;
  for (const [signal, timeoutMs] of stages) {
    if (await isGone()) return;
    signalProcess(pid, signal);
    if (await waitUntil(isGone, timeoutMs)) return;
  }
  throw new EmbeddedPostgresError(`process ${pid}, the server of ${data}, does not exit: kill it by hand`);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The arguments of `pid`, separated by spaces; empty if it is gone. Reads /proc on Linux: small images have no ps. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.replaceAll('\0', ' ').trim();
  }
  const ps = promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
  return (await ps.catch(() => ({ stdout: '' }))).stdout.trim();
}

/**
 * Polls until `check` resolves to something other than null, undefined or false.
 * @param intervalMs @default 20
 * @returns that value, or null after `timeoutMs`. Rejects when `check` does.
 */
export async function waitUntil<T>(
  check: () => Promise<T | null | undefined | false>,
  timeoutMs: number,
  intervalMs = 20,
): Promise<T | null> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() >= end) return null;
    await sleep(intervalMs);
  }
}
