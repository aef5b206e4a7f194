import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Cluster } from './cluster.ts';
import { spawnError } from './errors.ts';
import type { RunningPostgres } from './find-running-server.ts';
import { readPidFile, waitUntil } from './server-process.ts';
import { serverArguments, serverEnvironment } from './server-settings.ts';
import type { ServerUser } from './server-user.ts';

/**
 * How a start ended: with a running server, whose `reaped` resolves once the process has exited and was reaped; or
 * without, with what it wrote to its log. `hungPid` is set if the process runs but did not become ready in time.
 */
export type Launch =
  | { server: RunningPostgres; reaped: () => Promise<void> }
  | { server: null; hungPid: number | null; output: string };

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/**
 * Starts a server on the cluster, on a free port of 127.0.0.1. It runs in its own session and process group, so neither
 * Ctrl-C nor a closed terminal reaches it, and it does not keep this process alive.
 * @throws {EmbeddedPostgresError} the program cannot be run.
 */
export async function launchServer(
  program: string,
  cluster: Cluster,
  user: ServerUser | null,
  startMs: number,
): Promise<Launch> {
  const port = await freePort();
  const log = await openLog(cluster.logFile, user);
  try {
    const { size: before } = await log.stat();
    const child = spawn(program, serverArguments(cluster.data, port), {
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
      cwd: '/',
      detached: true,
      env: serverEnvironment(process.env),
      stdio: ['ignore', log.fd, log.fd],
    });
    const exited = exitOf(child, program);
    let hasExited = false;
    const noteExit = (): void => {
      hasExited = true;
    };
    exited.then(noteExit, noteExit);

    const isUp = async (): Promise<'ready' | 'exited' | null> => {
      if (hasExited) return 'exited';
      const record = await readPidFile(cluster.data);
      return record?.pid === child.pid && record?.status === 'ready' ? 'ready' : null;
    };
    const outcome = await waitUntil(isUp, startMs, 10);
    if (outcome === 'exited') await exited;
    if (outcome !== 'ready' || child.pid === undefined) {
      return {
        server: null,
        hungPid: outcome === null ? (child.pid ?? null) : null,
        output: await readFrom(log, before),
      };
    }
    child.unref();
    const reaped = (): Promise<void> => {
      child.ref();
      return exited;
    };
    return { server: { pid: child.pid, port }, reaped };
  } finally {
    await log.close();
  }
}

/** Resolves when the child has exited and was reaped; rejects if it could not be started. */
function exitOf(child: ChildProcess, program: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', (error) => reject(spawnError(program, error)));
  child.once('exit', () => resolve());
  return promise;
}

/** Opens the log for appending, and empties it at 10 MiB. Follows no link: as root, the server's user could plant one. */
async function openLog(path: string, user: ServerUser | null): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
  const log = await open(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_RDWR, 0o600);
  if ((await log.stat()).size > MAX_LOG_BYTES) await log.truncate();
  if (user !== null) await log.chown(user.uid, user.gid);
  return log;
}

async function readFrom(log: FileHandle, position: number): Promise<string> {
  const { size } = await log.stat();
  const { buffer, bytesRead } = await log.read(Buffer.alloc(Math.max(0, size - position)), { position });
  return buffer.toString('utf8', 0, bytesRead);
}

async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer().once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return promise;
}
