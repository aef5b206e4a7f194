import { setTimeout as sleep } from 'node:timers/promises';
import { answersFor, urlOf } from './ask-server.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { type Cluster, clusterIn, createCluster, majorVersionOf, readPassword } from './cluster.ts';
import { type EmbeddedPostgres, takeOwnership } from './embedded-postgres.ts';
import { EmbeddedPostgresError, outputError, systemErrorIn } from './embedded-postgres-error.ts';
import { findRunningServer, type RunningServer } from './find-running-server.ts';
import { launchServer } from './launch-server.ts';
import { chooseLocation, type Location } from './location.ts';
import { findPlatformPackage, type PlatformPackage } from './platform-package.ts';
import { stopServer } from './server-process.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';

export type EmbeddedPostgresOptions = {
  /** Folder for the data; relative to the working directory. Made if missing, kept from run to run. */
  dataDir: string;
  /** Gets one line for whatever an operator should know, such as that the data lies elsewhere. */
  log: (message: string) => void;
  /** @default answerMs 10 000, startMs 60 000, stopMs 30 000 */
  timeouts?: Partial<Timeouts>;
};

type Setting = Location & {
  cluster: Cluster;
  password: string;
  timeouts: Timeouts;
  log: (message: string) => void;
  prepare: () => Promise<Binaries>;
};

/** Failures of a start that pass: another process was quicker, a dead server's children linger, the port was taken. */
const PASSES = /lock file "\S+" (already exists|is empty)|shared memory block|could not create any TCP\/IP sockets/;

/**
 * Starts PostgreSQL on `dataDir`, or adopts the server that runs there already. Several processes may do so at once:
 * one starts it, the others adopt it. Nothing but `close` stops the server: no signal to this process's group, no
 * exit of this process. A server that outlives its process is adopted by the next start.
 * @throws {EmbeddedPostgresError} one line that says what to do.
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
      `${cluster.folder} holds data of PostgreSQL ${major}, and this is ${source.major}: dump it with ${major}, move that folder away and restore, or set DATA_DIR to another folder`,
    );
  }
  log(`embedded PostgreSQL: making a new database in ${path}`);
  await createCluster(cluster, (await prepare()).initdb, user);
}

async function adoptOrStart(setting: Setting): Promise<EmbeddedPostgres> {
  const { path, user, cluster, password, timeouts, log, prepare } = setting;
  const own = (server: RunningServer, reaped: (() => Promise<void>) | null): EmbeddedPostgres => {
    const url = urlOf({ port: server.port, password });
    return takeOwnership({ url, location: path, data: cluster.data, server, reaped, stopMs: timeouts.stopMs });
  };
  const end = performance.now() + timeouts.startMs;
  for (;;) {
    const found = await findRunningServer({ data: cluster.data, password, timeouts, log });
    if (found !== null) {
      log(`embedded PostgreSQL: using the server that already runs on ${path} (process ${found.pid})`);
      return own(found, null);
    }
    const launch = await launchServer((await prepare()).postgres, cluster, user, timeouts.startMs);
    if (launch.server !== null) {
      await checkAnswers(launch.server, setting);
      return own(launch.server, launch.reaped);
    }
    if (launch.hungPid !== null) await stopServer(launch.hungPid, cluster.data, timeouts.stopMs);
    if (!PASSES.test(launch.output) || performance.now() > end) {
      throw outputError('starting on', cluster.folder, launch.output);
    }
    await sleep(50);
  }
}

/** A server that says it is ready but does not let us in is of no use, and must not be left running. */
async function checkAnswers({ pid, port }: RunningServer, { cluster, password, timeouts }: Setting): Promise<void> {
  try {
    if (await answersFor({ port, password }, cluster.data, timeouts.answerMs)) return;
    throw new EmbeddedPostgresError(`the server on ${cluster.folder} does not answer: see ${cluster.logFile}`);
  } catch (error) {
    await stopServer(pid, cluster.data, timeouts.stopMs);
    throw error;
  }
}
