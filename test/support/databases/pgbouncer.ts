import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';
import { waitFor } from '../wait-for.ts';

export type PgBouncer = {
  /** The database of `target`, through the pooler. */
  url: string;
  /** Starts it again on the same port, with other settings. */
  restart(settings: Record<string, string | number>): Promise<void>;
  stop(): Promise<void>;
};

/** PgBouncer must not run as root; as another user it may. */
const NOBODY = 65_534;

/**
 * Starts a PgBouncer of Debian in front of a database.
 * @param settings of the section [pgbouncer], such as `pool_mode` and `default_pool_size`
 */
export async function startPgBouncer(target: string, settings: Record<string, string | number>): Promise<PgBouncer> {
  const program = await programFromDebian('pgbouncer', 'pgbouncer');
  const folder = await makeTemporaryFolder();
  const port = await freePort();
  const { hostname, port: targetPort, username, password, pathname } = new URL(target);
  let server: ChildProcess | null = null;

  async function start(own: Record<string, string | number>): Promise<void> {
    const login = `user=${username} password='${decodeURIComponent(password)}'`;
    const all = { listen_addr: '127.0.0.1', listen_port: port, auth_type: 'any', unix_socket_dir: '', ...own };
    const file = join(folder, 'pgbouncer.ini');
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
    const databases = `[databases]\n* = host=${hostname} port=${targetPort} ${login}`;
    await writeFile(file, `${databases}\n[pgbouncer]\n${lines.join('\n')}\n`);
    const child = spawn(program, [file], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const end = () => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    server = child;
    await waitFor('PgBouncer to listen', () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}: ${log}`);
      return log.includes('process up');
    });
  }

  async function end(): Promise<void> {
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start(settings);
  return {
    url: `postgres://${username}@127.0.0.1:${port}${pathname}`,
    restart: async (own) => {
      await end();
      await start(own);
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
