import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printable } from '../text.ts';

/** The program of this process, as TypeScript in a checkout and as JavaScript in the package. */
const MAIN = fileURLToPath(new URL(`../../main${extname(import.meta.filename)}`, import.meta.url));

/** Longer than the server waits for calls in flight, unless SHUTDOWN_GRACE_MS was raised. */
const STOP_TIMEOUT_MS = 40_000;
/** Short, because the only workflow has already been cancelled. */
const SHUTDOWN_GRACE_MS = '2000';
const MAX_LINES = 12;

/** A server that was started for one run. */
export type OwnServer = {
  /** Aborted when the process exits. The reason is an Error with the last lines of its output. */
  ended: AbortSignal;
  /** Stops the process and waits until it is gone. After 40 s its whole process group is killed. */
  stop(): Promise<void>;
};

/** Starts the service in a process. Its output goes to a temporary file, which is removed when it exits. */
export function startServer(env: NodeJS.ProcessEnv): OwnServer {
  const folder = mkdtempSync(join(tmpdir(), 'hauntedai-run-'));
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'w');
  // In a separate process group, Ctrl-C does not reach the server: it is stopped after the workflow is cancelled.
  const child = spawn(process.execPath, [MAIN], {
    env: { SHUTDOWN_GRACE_MS, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);

  const ended = new AbortController();
  const onEnd = (how: string) => {
    const last = lastLines(readFileSync(logPath, 'utf8'));
    rmSync(folder, { recursive: true, force: true });
    process.off('exit', terminate);
    ended.abort(new Error(`The server stopped (${how}):\n${last}`));
  };
  const terminate = () => void child.kill('SIGTERM');
  child.once('error', (error) => onEnd(error.message));
  child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
  // Leaves no server behind if this process fails.
  process.on('exit', terminate);

  return {
    ended: ended.signal,
    async stop() {
      if (ended.signal.aborted) return;
      // If the user quits now, the server must not get a second signal: that would end it without a clean shutdown.
      process.off('exit', terminate);
      terminate();
      const stopped = new AbortController();
      const killer = delay(STOP_TIMEOUT_MS, undefined, { signal: stopped.signal }).then(
        () => killGroup(child),
        () => {},
      );
      await once(ended.signal, 'abort');
      stopped.abort();
      await killer;
    },
  };
}

/** The lines that explain why the server stopped: plain text if it could not start, later its JSON log. */
function lastLines(output: string): string {
  const lines = output.trim().split('\n');
  const plain = lines.filter((line) => !line.startsWith('{'));
  const wasReady = plain.some((line) => line.startsWith('Ready'));
  return (wasReady || plain.length === 0 ? lines : plain).slice(-MAX_LINES).map(printable).join('\n');
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has exited in the meantime.
  }
}
