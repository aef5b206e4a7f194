import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { locationElsewhere } from '../../src/embedded-postgres/location.ts';
import { freePort } from '../../test/support/network/free-port.ts';
import { type RunningProcess, runningProcesses } from './running-processes.ts';

/** As whom, and with which npm (by default the one on PATH), the commands run. */
export type Variant = { name: string; asRoot: boolean; npm?: string };

export type FreshClone = {
  /** The service's URL. */
  readonly url: string;
  /** Runs a command in the clone. @throws when it takes longer than `timeoutMs` */
  run(command: string[], timeoutMs: number): Promise<{ code: number | null; output: string }>;
  /** Runs `npm start` and waits for the line with the API's URL. */
  start(): Promise<StartedServer>;
  /** @throws {Error} naming the processes and lock files that are left */
  expectNothingLeft(): Promise<void>;
  remove(): Promise<void>;
};

export type StartedServer = {
  /** Sends SIGINT to the process group, as Ctrl-C does. */
  interrupt(): Promise<void>;
  /** Sends SIGKILL to the service's own process. */
  kill(): Promise<void>;
};

const START_MS = 90_000;

/** Creates a folder of mode 0700 with a clone of HEAD, an empty home folder, and the variant's npm. */
export async function createFreshClone(variant: Variant): Promise<FreshClone> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'fresh-'))); // with mode 0700
  const [home, clone, tools] = [join(root, 'home'), join(root, 'clone'), join(root, 'tools')];
  const dataFolders = [join(clone, '.data'), locationElsewhere(join(clone, '.data'))];
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = environment(home, port);
  mkdirSync(home);
  execFileSync('git', ['clone', '--quiet', realpathSync('.'), clone], { stdio: 'inherit' });
  if (variant.npm !== undefined) env['PATH'] = `${installNpm(variant.npm, tools, env)}:${env['PATH']}`;
  const ids = !variant.asRoot && process.getuid?.() === 0 ? giveToNobody(root) : {};
  const groups: number[] = [];

  const launch = ([program = '', ...args]: string[]): { child: ChildProcess; output: () => string } => {
    const child = spawn(program, args, { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...ids });
    if (child.pid !== undefined) groups.push(child.pid);
    let output = '';
    const collect = (text: string) => {
      output += text;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    return { child, output: () => output };
  };

  const leftovers = (): RunningProcess[] =>
    runningProcesses().filter(
      ({ group, folder, command }) =>
        groups.includes(group) ||
        [root, ...dataFolders].some((path) => folder.startsWith(path) || command.some((word) => word.includes(path))),
    );

  return {
    url,

    async run(command, timeoutMs) {
      const { child, output } = launch(command);
      const code = await exitCode(child, timeoutMs);
      if (code === 'timeout') throw new Error(`still running after ${timeoutMs} ms\n${output()}`);
      return { code, output: output() };
    },

    async start() {
      const { child, output } = launch(['npm', 'start']);
      const end = performance.now() + START_MS;
      while (!output().includes(`:${port}/graphql`)) {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}\n${output()}`);
        if (performance.now() > end) throw new Error(`not ready after ${START_MS} ms\n${output()}`);
        await sleep(20);
      }
      return {
        async interrupt() {
          process.kill(-(child.pid ?? 0), 'SIGINT');
          if ((await exitCode(child, 40_000)) === 'timeout')
            throw new Error(`still running 40 s after Ctrl-C\n${output()}`);
        },
        async kill() {
          const isService = ({ command }: RunningProcess) =>
            /node$/.test(command[0] ?? '') && command.includes('src/main.ts');
          const service = leftovers().find((process) => process.group === child.pid && isService(process));
          if (service === undefined) throw new Error(`found no service to kill\n${output()}`);
          process.kill(service.pid, 'SIGKILL');
          await exitCode(child, 10_000);
        },
      };
    },

    async expectNothingLeft() {
      const end = performance.now() + 2_000; // npm may end shortly before the processes it started
      while (leftovers().length > 0 && performance.now() < end) await sleep(50);
      const processes = leftovers().map(({ pid, command }) => `${pid} ${command.join(' ')}`);
      const locks = dataFolders.filter((path) => existsSync(path)).flatMap(locksIn);
      const left = [...processes, ...locks];
      if (left.length > 0) throw new Error(`left over:\n${left.join('\n')}`);
    },

    async remove() {
      while (leftovers().length > 0) {
        for (const { pid } of leftovers()) killIfRunning(pid);
        await sleep(50);
      }
      for (const path of [root, ...dataFolders]) rmSync(path, { recursive: true, force: true });
    },
  };
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** The environment of a fresh login, with the settings that are needed to reach the registry. */
function environment(home: string, port: number): Record<string, string> {
  const kept = /^(TERM|LANG|LC_.*|TZ|TMPDIR|CI|.*_proxy|.*_CA_.*|.*_CERTS?|SSL_CERT_.*)$/i;
  const own = Object.entries(process.env).filter(([name]) => kept.test(name));
  // Without the folders that `npm run` adds, so that the machine's own node and npm are used.
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const settings = ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl'].map((name) => [
    `npm_config_${name.replace('-', '_')}`,
    execFileSync('npm', ['config', 'get', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  ]);
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    ...Object.fromEntries(settings.filter(([, value]) => !['', 'null', 'undefined'].includes(value ?? ''))),
    PATH: path.join(':'),
    HOME: home,
    PORT: String(port),
  };
}

/** Installs npm into `folder`. @returns the folder to put first on PATH */
function installNpm(version: string, folder: string, env: Record<string, string>): string {
  mkdirSync(folder);
  execFileSync('npm', ['install', '--silent', '--prefix', folder, `npm@${version}`], { env, stdio: 'inherit' });
  const bin = join(folder, 'node_modules', '.bin');
  // npm 12 does not run on Node 20, which the machine may have.
  if (version === '12') cpSync(process.execPath, join(bin, 'node'));
  rmSync(join(env['HOME'] ?? '', '.npm'), { recursive: true, force: true }); // empties the cache again
  return bin;
}

function giveToNobody(root: string): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'])));
  execFileSync('chown', ['-R', `${uid}:${gid}`, root]);
  return { uid, gid };
}

function locksIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /postmaster\.pid$|\.lock$|\.s\.PGSQL/.test(file)).map((file) => join(folder, file));
}

async function exitCode(child: ChildProcess, timeoutMs: number): Promise<number | null | 'timeout'> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const timer = new AbortController();
  const timeout = sleep(timeoutMs, 'timeout' as const, { signal: timer.signal });
  const ended = once(child, 'close').then(() => child.exitCode);
  return await Promise.race([ended, timeout]).finally(() => timer.abort());
}
