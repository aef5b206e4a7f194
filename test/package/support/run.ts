import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '../../support/wait-for.ts';

export type Program = {
  output(): string;
  /** Waits for the first line of the output that matches, and returns what its first group holds. */
  says(pattern: RegExp): Promise<string>;
  /** Settles with the end, however it comes: null after a signal. */
  exitCode: Promise<number | null>;
  kill(signal?: NodeJS.Signals): void;
};

export type RunOptions = { cwd: string; env?: Record<string, string | undefined> };

/** Starts a program with PATH, HOME and what is given: no variable of npm's or of the service's. */
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
    says: (pattern) =>
      waitFor(String(pattern), () => {
        const found = pattern.exec(output)?.[1];
        if (found === undefined && child.exitCode !== null) throw new Error(`it ended:\n${output}`);
        return found;
      }),
    kill: (signal = 'SIGKILL') => child.kill(signal),
  };
}

/** Runs a program to its end. @returns what it printed. @throws {Error} with that, unless it exits with 0 */
export async function run(command: string, args: string[], options: RunOptions): Promise<string> {
  const program = start(command, args, options);
  const code = await program.exitCode;
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${program.output()}`);
  return program.output();
}
