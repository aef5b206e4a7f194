import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findPlatformPackage, type PlatformPackage, prepareBinaries } from './binaries.ts';
import { type Cluster, clusterIn, createCluster, majorVersionOf, readPassword } from './cluster.ts';
import { EmbeddedPostgresError, outputError, systemErrorIn } from './errors.ts';
import { findRunningServer, type RunningPostgres } from './find-running-server.ts';
import { launchServer } from './launch-server.ts';
import { chooseLocation, type Location } from './location.ts';
import { connectionString, servesFolder } from './probe-server.ts';
import { stopServer } from './server-process.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './server-settings.ts';

export type EmbeddedPostgresOptions = {
  /** Folder for the data, relative to the working directory. Created if missing, kept from run to run. */
  dataDir: string;
  /** Called with one line for anything an operator should know, such as that the data is stored elsewhere. */
  log: (message: string) => void;
  /** @default answerMs 10 000, startMs 60 000, stopMs 30 000 */
  timeouts?: Partial<Timeouts>;
};

/** A PostgreSQL server that belongs to this process until `close` or `release`. */
export type EmbeddedPostgres = {
  /** Connection string, with the password, of the superuser `postgres` and the database of the same name. */
  url: string;
  /** Absolute path of the folder where the data is really stored. */
  location: string;
  /** Whether the server was already running: left by a dead process, or started by a live one. */
  adopted: boolean;
  /**
   * Stops the server, ends its remaining sessions, and resolves when the process is gone. Every call returns the same
   * promise. Does nothing after `release`.
   * @throws {EmbeddedPostgresError} the process does not exit.
   */
  close(): Promise<void>;
  /** Leaves the server running for another process that uses it. */
  release(): void;
};

type StartContext = Location & {
  cluster: Cluster;
  password: string;
  timeouts: Timeouts;
  log: (message: string) => void;
  prepare: () => Promise<Binaries>;
};

/** Temporary failures of a start: another process was faster, a dead server's children linger, the port was taken. */
const TEMPORARY_FAILURE =
  /lock file "\S+" (already exists|is empty)|shared memory block|could not create any TCP\/IP sockets/;

/**
 * Starts PostgreSQL on `dataDir`, or adopts the server that already runs there. Several processes may call this at once:
 * one starts the server, the others adopt it. Only `close` stops the server: a signal to this process's group does not,
 * nor does the exit of this process. A server that outlives its process is adopted by the next start.
 * @throws {EmbeddedPostgresError} with one line for the operator.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const source = await findPlatformPackage();
  const location = await chooseLocation(dataDir, log);
  const cluster = clusterIn(location.path);
  const prepare = (): Promise<Binaries> =>
    prepareBinaries({ source, location: location.path, user: location.user, log });
  try {
    await ensureCluster(cluster, source, location, prepare, log);
    const password = await readPassword(cluster);
    return await adoptOrStart({ ...location, cluster, password, timeouts, log, prepare });
  } catch (error) {
    throw systemErrorIn(location.path, error);
  }
}

async function ensureCluster(
  cluster: Cluster,
  source: PlatformPackage,
  { path, user }: Location,
  prepare: () => Promise<Binaries>,
  log: (message: string) => void,
): Promise<void> {
  const major = await majorVersionOf(cluster);
  if (major === source.major) return;
  if (major !== null) {
    throw new EmbeddedPostgresError(
      `${cluster.folder} holds data of PostgreSQL ${major}, and this is version ${source.major}: dump it with ${major}, move that folder away and restore the dump, or set DATA_DIR to another folder`,
    );
  }
  log(`embedded PostgreSQL: creating a new database in ${path}`);
  await createCluster(cluster, (await prepare()).initdb, user);
}

async function adoptOrStart(context: StartContext): Promise<EmbeddedPostgres> {
  const { path, user, cluster, password, timeouts, log, prepare } = context;
  const own = (server: RunningPostgres, reaped: (() => Promise<void>) | null): EmbeddedPostgres => {
    const url = connectionString({ port: server.port, password });
    return takeOwnership({ url, location: path, data: cluster.data, server, reaped, stopMs: timeouts.stopMs });
  };
  const end = performance.now() + timeouts.startMs;
  for (;;) {
    const found = await findRunningServer({ data: cluster.data, password, timeouts, log });
    if (found !== null) {
      log(`embedded PostgreSQL: using the server that is already running on ${path} (process ${found.pid})`);
      return own(found, null);
    }
    const launch = await launchServer((await prepare()).postgres, cluster, user, timeouts.startMs);
    if (launch.server !== null) {
      await checkAnswers(launch.server, context);
      return own(launch.server, launch.reaped);
    }
    if (launch.hungPid !== null) await stopServer(launch.hungPid, cluster.data, timeouts.stopMs);
    if (!TEMPORARY_FAILURE.test(launch.output) || performance.now() > end) {
      throw outputError('starting on', cluster.folder, launch.output);
    }
    await sleep(50);
  }
}

/** Stops a server that reports to be ready but does not let us in. */
async function checkAnswers(
  { pid, port }: RunningPostgres,
  { cluster, password, timeouts }: StartContext,
): Promise<void> {
  try {
    if (await servesFolder({ port, password }, cluster.data, timeouts.answerMs)) return;
    throw new EmbeddedPostgresError(`the server on ${cluster.folder} does not answer: see ${cluster.logFile}`);
  } catch (error) {
    await stopServer(pid, cluster.data, timeouts.stopMs);
    throw error;
  }
}

type Ownership = {
  url: string;
  location: string;
  data: string;
  server: RunningPostgres;
  /** Waits until the exited process is reaped; null for an adopted server, which is not a child of this process. */
  reaped: (() => Promise<void>) | null;
  stopMs: number;
};

/** Gives the caller the right and the duty to stop `server`. */
function takeOwnership({ url, location, data, server, reaped, stopMs }: Ownership): EmbeddedPostgres {
  let ending: Promise<void> | null = null;
  return {
    url,
    location,
    adopted: reaped === null,
    close() {
      ending ??= stopServer(server.pid, data, stopMs).then(() => reaped?.());
      return ending;
    },
    release() {
      ending ??= Promise.resolve();
    },
  };
}
