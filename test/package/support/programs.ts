import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '../../support/wait-for.ts';

export type Program = {
  output(): string;
  /** Waits until the output matches, and returns the pattern's first group. */
  waitForOutput(pattern: RegExp): Promise<string>;
  /** Resolves when the program ends; null when a signal ended it. */
  exitCode: Promise<number | null>;
  kill(signal?: NodeJS.Signals): void;
};

export type RunOptions = { cwd: string; env?: Record<string, string | undefined> };

/** Starts a program with PATH, HOME and `env` only, so no variable of npm or the service gets through. */
export function start(command: string, args: string[], { cwd, env = {} }: RunOptions): Program {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  return {
    output: () => output,
    exitCode,
    waitForOutput: (pattern) =>
      waitFor(String(pattern), () => {
        const found = pattern.exec(output)?.[1];
        if (found === undefined && child.exitCode !== null) throw new Error(`the program ended:\n${output}`);
        return found;
      }),
    kill: (signal = 'SIGKILL') => child.kill(signal),
  };
}

/** Runs a program to its end. @returns its output @throws {Error} with the output, unless it exits with 0 */
export async function run(command: string, args: string[], options: RunOptions): Promise<string> {
  const program = start(command, args, options);
  const code = await program.exitCode;
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${program.output()}`);
  return program.output();
}
