import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Problem } from './generated/problem.ts';
import { report } from './generated/report.ts';

export type Limits = {
  /** Real time for the page, after the process has loaded what it needs. */
  milliseconds: number;
  /** Of JavaScript's heap; the process may use three times as much in all. */
  megabytes: number;
};

const LOADING_MS = 30_000;
const WATCH_MS = 50;
const LONGEST_OUTPUT = 1_000_000;

/** Checks a page in a process of its own, which may do nothing but compute, and is ended when it exceeds a limit. */
export async function checkConfined(html: string, { milliseconds, megabytes }: Limits): Promise<Problem[]> {
  const program = fileURLToPath(import.meta.url).replace(/confined-process(\.[jt]s)$/, 'generated/main$1');
  const child = spawn(process.execPath, [...confinement(program, megabytes), program], {
    env: {},
    cwd: dirname(program),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const problems: Problem[] = [];
  let doing: { doing: string; line?: number | undefined } | null = null;
  let outcome: 'done' | 'slow' | 'large' | null = null;
  let length = 0;
  const end = (why: 'slow' | 'large') => {
    outcome ??= why;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(() => end('slow'), LOADING_MS);
  const watch = setInterval(() => {
    void megabytesOf(child.pid).then((used) => used > 3 * megabytes && end('large'));
  }, WATCH_MS);
  try {
    // A process that ends early closes its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(html);
    child.once('error', () => child.stdout.destroy());
    for await (const text of createInterface({ input: child.stdout })) {
      length += text.length;
      if (length > LONGEST_OUTPUT) end('large');
      const said = report.safeParse(parseJson(text)).data;
      if (said === undefined || outcome !== null) continue;
      if ('done' in said) outcome = 'done';
      else if ('problem' in said) problems.push(said.problem);
      else {
        if (doing === null) {
          clearTimeout(timer);
          timer = setTimeout(() => end('slow'), milliseconds);
        }
        doing = said;
      }
    }
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    child.kill('SIGKILL');
  }
  if (doing === null) throw new Error('The process that checks a page ended before it was ready');
  if (outcome === 'done') return problems;
  const what =
    outcome === 'slow'
      ? `The page was stopped after ${milliseconds / 1000} s`
      : `The page was stopped because it needs more than ${megabytes} MB of memory`;
  return [...problems, { line: doing.line, text: `${what}, while ${doing.doing}: perhaps a loop does not end.` }];
}

/** No files but its own, no processes, threads, add-ons or inspector, no code from strings, little memory. */
export function confinement(program: string, megabytes: number): string[] {
  const flags = process.allowedNodeEnvironmentFlags;
  return [
    flags.has('--permission') ? '--permission' : '--experimental-permission',
    ...[dirname(program), ...packageFolders()].map((folder) => `--allow-fs-read=${folder}`),
    '--disallow-code-generation-from-strings',
    '--frozen-intrinsics',
    `--max-old-space-size=${megabytes}`,
    '--no-warnings',
  ];
}

/** The folders of the packages that the process loads, wherever npm or pnpm has put them. */
function packageFolders(): string[] {
  const own = createRequire(import.meta.url);
  return ['happy-dom', 'parse5', 'acorn'].flatMap((name) => {
    const folder = folderOf(own, name);
    const theirs = createRequire(join(folder, 'package.json'));
    const { dependencies = {} } = theirs('./package.json') as { dependencies?: Record<string, string> };
    const loaded = Object.keys(dependencies).filter((dependency) => !dependency.startsWith('@types/'));
    return [folder, ...loaded.map((dependency) => folderOf(theirs, dependency))];
  });
}

function folderOf(require: NodeJS.Require, name: string): string {
  const file = require.resolve(name);
  const folder = join('node_modules', name);
  return file.slice(0, file.lastIndexOf(folder) + folder.length);
}

/** What a process uses; 0 where the system does not say. A page can take memory outside of JavaScript's heap. */
async function megabytesOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
