import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';

export type TestRedis = {
  readonly url: string;
  readonly port: number;
  /** The process id of the running server; undefined while it is stopped, and for the server of TEST_REDIS_URL. */
  readonly pid: number | undefined;
  /** Stops the server, which loses its data. Does nothing for the server of TEST_REDIS_URL. */
  stop(): Promise<void>;
  /** Starts the server again, empty, on the same port. */
  start(): Promise<void>;
  /** Stops and starts the server. */
  restart(): Promise<void>;
};

/**
 * Starts an empty Redis on a free loopback port, or uses the one of TEST_REDIS_URL. It ends with this process at the
 * latest.
 * @param options.own true for tests that stop or restart it, so that they never use the one of TEST_REDIS_URL
 * @param options.settings of an own server, as redis-server takes them: `['--maxmemory', '1mb']`
 * @throws {Error} with instructions if redis-server is not installed and cannot be installed
 */
export async function startRedis({
  own = false,
  settings = [],
}: {
  own?: boolean;
  settings?: readonly string[];
} = {}): Promise<TestRedis> {
  const given = process.env['TEST_REDIS_URL'];
  if (given && !own) return givenRedis(given);

  const program = await programFromDebian('redis-server', 'redis-server');
  let server: ChildProcess | undefined;
  let port = 0;
  for (let tries = 1; server === undefined; tries++) {
    port = await freePort();
    // Another process may take the port before Redis does.
    server = await launch(program, port, settings).catch((error: unknown) => {
      if (tries < 5) return undefined;
      throw error;
    });
  }

  const stop = async (): Promise<void> => {
    if (server !== undefined) await end(server);
    server = undefined;
  };
  const start = async (): Promise<void> => {
    server ??= await launch(program, port, settings);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server?.pid;
    },
    stop,
    start,
    restart: () => stop().then(start),
  };
}

function givenRedis(url: string): TestRedis {
  const refuse = () =>
    Promise.reject(new Error('the Redis of TEST_REDIS_URL cannot be restarted; use startRedis({ own: true })'));
  return {
    url,
    port: Number(new URL(url).port || 6379),
    pid: undefined,
    stop: async () => {},
    start: refuse,
    restart: refuse,
  };
}

async function launch(program: string, port: number, settings: readonly string[]): Promise<ChildProcess> {
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(program, ['--bind', '127.0.0.1', '--port', String(port), ...memoryOnly, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.off('exit', killAtExit));

  let output = '';
  await new Promise<void>((ready, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`redis-server ended with ${code}:\n${output}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready to accept connections')) ready();
    });
  });
  child.stdout.removeAllListeners('data').resume();
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL'); // there is nothing to save, and clients must survive a crash anyway
  await ended;
}
