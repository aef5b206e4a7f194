import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { waitUntil } from './wait-until.ts';

/** What a process is: our server on the data folder, a PostgreSQL on another one, something else, or gone. */
export type ProcessKind = 'server' | 'other-server' | 'stranger' | 'gone';

/** Says what `pid` is, by its command line. A process that has ended and was not yet reaped is gone. */
export async function identifyProcess(pid: number, data: string): Promise<ProcessKind> {
  const command = `${await commandLineOf(pid)} `;
  if (command.trim() === '') return 'gone';
  if (command.includes(`/postgres -D ${data} `)) return 'server';
  return /(^|\/)postgres /.test(command) ? 'other-server' : 'stranger';
}

/**
 * Stops the server `pid` of `data` and waits until it is gone: fast shutdown (which ends its sessions), after
 * `fastMs` an immediate one, at last SIGKILL; what was committed is kept in each case. Any other process is left alone.
 * @throws {EmbeddedPostgresError} it does not end.
 */
export async function stopServer(pid: number, data: string, fastMs: number): Promise<void> {
  const isGone = async (): Promise<boolean> => (await identifyProcess(pid, data)) !== 'server';
  const steps = [
    ['SIGINT', fastMs],
    ['SIGQUIT', Math.min(fastMs, 5_000)],
    ['SIGKILL', 5_000],
  ] as const;
  for (const [signal, patienceMs] of steps) {
    if (await isGone()) return;
    signalProcess(pid, signal);
    if (await waitUntil(isGone, patienceMs)) return;
  }
  throw new EmbeddedPostgresError(`process ${pid}, the server of ${data}, does not end: stop it by hand`);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The arguments of `pid` with blanks between, or an empty text if it is gone. Small images have /proc but no ps. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.replaceAll('\0', ' ').trim();
  }
  const ps = promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
  return (await ps.catch(() => ({ stdout: '' }))).stdout.trim();
}
