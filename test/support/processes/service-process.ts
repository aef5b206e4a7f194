import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export type ServiceProcess = {
  pid: number;
  /** `http://127.0.0.1:4000/graphql` */
  graphqlUrl: string;
  output(): string;
  /** Sends a signal and waits until the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

type Env = Record<string, string>;

/** The variables that replace the built-in agents by others. */
export function agentUrls(urls: Record<string, string>): Env {
  return Object.fromEntries(Object.entries(urls).map(([agent, url]) => [`${agent.toUpperCase()}_AGENT_URL`, url]));
}

/** Starts the service in a process, as `npm start` does. Resolves when it reports that it is ready. */
export async function startService(env: Env): Promise<ServiceProcess> {
  const { child, output } = run(env);
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const graphqlUrl = await waitFor('the ready line', () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    return /^Ready: (?:GraphQL API|worker, health) at (\S+)$/m.exec(output())?.[1];
  }).catch((cause: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${cause.message}; output:\n${output()}`, { cause });
  });
  return {
    pid: child.pid ?? 0,
    graphqlUrl,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

/** Runs a service that is expected to fail at startup. */
export async function failToStart(
  env: Env,
  cwd?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, stdout, stderr } = run(env, cwd);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}

function run(
  env: Env,
  cwd = tmpdir(),
): { child: ChildProcess; output: () => string; stdout: () => string; stderr: () => string } {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH, HOME, PORT: '0', ...env },
    // A developer's .env must not be read.
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A process that a failed test leaves behind ends with the test run.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return {
    child,
    output: () => texts.stdout + texts.stderr,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
  };
}
