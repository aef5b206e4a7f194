import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { findPlatformPackage } from '../../../src/embedded-postgres/binaries.ts';
import { freePort } from '../network/free-port.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';
import { waitFor } from '../wait-for.ts';

const run = promisify(execFile);

/** A PostgreSQL server that a test may restart, demote and fill. */
export type OwnPostgres = {
  port: number;
  url: string;
  folder: string;
  /** Runs one statement as a superuser. */
  execute(statement: string): Promise<Record<string, unknown>[]>;
  /** Ends every connection at once. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Copies the stopped server's data to another server, which follows this one when both run. */
  createStandby(): Promise<OwnPostgres>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
};

/** PostgreSQL does not run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * Initializes a server with the embedded binaries, without starting it.
 * @param settings of postgresql.conf
 * @param given the folder for its data, if it must be a special one
 */
export async function createOwnPostgres(settings: Record<string, string> = {}, given?: string): Promise<OwnPostgres> {
  const folder = given ?? (await makeTemporaryFolder());
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const initdb = join((await findPlatformPackage()).native, 'bin', 'initdb');
  const data = join(folder, 'data');
  await run(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], asUser);
  return await serverIn(folder, settings);
}

async function serverIn(folder: string, settings: Record<string, string>): Promise<OwnPostgres> {
  const port = await freePort();
  const data = join(folder, 'data');
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const all = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const program = join((await findPlatformPackage()).native, 'bin', 'postgres');
  let server: ChildProcess | null = null;

  async function execute(statement: string): Promise<Record<string, unknown>[]> {
    const admin = postgres(url, { max: 1, onnotice: () => {}, connection: { default_transaction_read_only: false } });
    try {
      return await admin.unsafe(statement);
    } finally {
      await admin.end({ timeout: 5 });
    }
  }

  async function stop(): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  }

  async function start(): Promise<void> {
    const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(program, ['-D', data, ...options], { stdio: 'ignore', ...asUser });
    const end = () => void child.kill('SIGQUIT');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    server = child;
    await waitFor('PostgreSQL to start', async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
      return await execute('select 1').catch(() => undefined);
    });
  }

  return {
    port,
    url,
    folder,
    execute,
    stop,
    start,
    async createStandby() {
      const copy = await makeTemporaryFolder();
      if (isRoot) await chown(copy, NOBODY, NOBODY);
      await mkdir(copy, { recursive: true });
      await cp(data, join(copy, 'data'), { recursive: true, preserveTimestamps: true });
      await writeFile(join(copy, 'data', 'standby.signal'), '');
      await run('chown', ['-R', `--reference=${copy}`, copy]);
      await run('chmod', ['700', join(copy, 'data')]);
      const follow = { primary_conninfo: `host=127.0.0.1 port=${port} user=postgres` };
      return await serverIn(copy, { ...settings, ...follow });
    },
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
