import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printable } from './text.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Longer than the server itself takes over calls in flight, unless SHUTDOWN_GRACE_MS was raised. */
const STOP_WITHIN_MS = 40_000;
/** The demo's own room is cancelled by then; nobody else's calls are worth a wait. */
const SHUTDOWN_GRACE_MS = '2000';
const LINES_SHOWN = 12;

/** A server of the demo's own. */
export type ServerProcess = {
  /** Aborted when the process ends, with an Error that holds the last lines it wrote. */
  ended: AbortSignal;
  /** Asks it to end, and waits until it has; one that does not is killed, with all that belongs to it. */
  stop(): Promise<void>;
};

/** Starts `npm start`'s program. What it writes goes to a temporary file, which is removed when it ends. */
export function startServer(env: NodeJS.ProcessEnv): ServerProcess {
  const folder = mkdtempSync(join(tmpdir(), 'hauntedai-demo-'));
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'w');
  // A process group of its own: Ctrl-C at the terminal is the demo's, which then stops the server in order.
  const child = spawn(process.execPath, [MAIN], {
    env: { SHUTDOWN_GRACE_MS, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);

  const ending = new AbortController();
  const onEnd = (how: string) => {
    const last = lastWords(readFileSync(logPath, 'utf8'));
    rmSync(folder, { recursive: true, force: true });
    process.off('exit', terminate);
    ending.abort(new Error(`The server did not stay up (${how}):\n${last}`));
  };
  const terminate = () => void child.kill('SIGTERM');
  child.once('error', (error) => onEnd(error.message));
  child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
  // If the demo itself fails, no server stays behind.
  process.on('exit', terminate);

  return {
    ended: ending.signal,
    async stop() {
      if (ending.signal.aborted) return;
      // Whoever loses patience leaves a server that ends in order: told twice, it would end at once.
      process.off('exit', terminate);
      terminate();
      const waited = new AbortController();
      const late = delay(STOP_WITHIN_MS, undefined, { signal: waited.signal }).then(
        () => killGroup(child),
        () => {},
      );
      await once(ending.signal, 'abort');
      waited.abort();
      await late;
    },
  };
}

/** A server that cannot start says why in plain lines; one that broke down later, in its log of JSON. */
function lastWords(written: string): string {
  const lines = written.trim().split('\n');
  const plain = lines.filter((line) => !line.startsWith('{'));
  const wasReady = plain.some((line) => line.startsWith('Ready'));
  return (wasReady || plain.length === 0 ? lines : plain).slice(-LINES_SHOWN).map(printable).join('\n');
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended in between.
  }
}
