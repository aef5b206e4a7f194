import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** A command in a process of its own, with what it has printed so far. */
export type CliProcess = {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  /** The exit code; null when a signal ended it. */
  code: Promise<number | null>;
  /** Waits until the output matches, and returns the pattern's first group. */
  printed(pattern: RegExp): Promise<string>;
};

/** Starts `hauntedai-orchestrator` with these arguments, and with no variables but PATH, HOME and `env`. */
export function startCli(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  // A developer's .env must not be read.
  cwd = tmpdir(),
): CliProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A process that a failed test leaves behind ends with the test run.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (texts.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (texts.err += chunk));
  return {
    child,
    out: () => texts.out,
    err: () => texts.err,
    code: once(child, 'close').then(([exitCode]) => exitCode as number | null),
    printed: (pattern) =>
      waitFor(String(pattern), () => {
        const found = pattern.exec(texts.out)?.[1];
        if (found === undefined && child.exitCode !== null) throw new Error(`it ended:\n${texts.out}${texts.err}`);
        return found;
      }),
  };
}
