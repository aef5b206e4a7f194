import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';

export type TestRedis = {
  readonly url: string;
  readonly port: number;
  /** Of the server that runs now; `undefined` while it is stopped, and for one that TEST_REDIS_URL names. */
  readonly pid: number | undefined;
  /** Ends the server; its data is gone. Nothing for one that TEST_REDIS_URL names: others may use it. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** `stop` and `start`. */
  restart(): Promise<void>;
};

/**
 * A real, empty Redis on a free loopback port, or the one that TEST_REDIS_URL names. It ends with this process at the
 * latest.
 * @param options.own true for tests that stop and restart it: never the one that TEST_REDIS_URL names.
 * @throws {Error} one line that says how to get redis-server, where there is none and it cannot be installed.
 */
export async function startRedis({ own = false }: { own?: boolean } = {}): Promise<TestRedis> {
  const given = process.env['TEST_REDIS_URL'];
  if (given && !own) return givenRedis(given);

  const program = await programFromDebian('redis-server', 'redis-server');
  let server: ChildProcess | undefined;
  let port = 0;
  for (let tries = 1; server === undefined; tries++) {
    port = await freePort();
    // Somebody else may take the port before Redis does.
    server = await launch(program, port).catch((error: unknown) => {
      if (tries < 5) return undefined;
      throw error;
    });
  }

  const stop = async (): Promise<void> => {
    if (server !== undefined) await end(server);
    server = undefined;
  };
  const start = async (): Promise<void> => {
    server ??= await launch(program, port);
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
  const refuse = () => Promise.reject(new Error('only a Redis of its own may be restarted: startRedis({ own: true })'));
  return {
    url,
    port: Number(new URL(url).port || 6379),
    pid: undefined,
    stop: async () => {},
    start: refuse,
    restart: refuse,
  };
}

async function launch(program: string, port: number): Promise<ChildProcess> {
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(program, ['--bind', '127.0.0.1', '--port', String(port), ...memoryOnly], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));

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
  child.kill('SIGKILL'); // there is nothing to save, and a Redis that is gone says no goodbye either
  await ended;
}
