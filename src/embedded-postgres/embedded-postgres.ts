import type { RunningServer } from './find-running-server.ts';
import { stopServer } from './server-process.ts';

/** A PostgreSQL server that belongs to this process until `close` or `release`. */
export type EmbeddedPostgres = {
  /** Connection string, with the password, of the superuser `postgres` and the database of that name. */
  url: string;
  /** Absolute path of the folder where the data really lies. */
  location: string;
  /** The server was already running: left by a process that died, or started by one that is alive. */
  adopted: boolean;
  /**
   * Stops the server, ending the sessions it still has, and resolves when its process is gone. A second call gives
   * the same promise; after `release` it does nothing.
   * @throws {EmbeddedPostgresError} the process does not end.
   */
  close(): Promise<void>;
  /** Leaves the server running, since another process uses it. */
  release(): void;
};

type Input = {
  url: string;
  location: string;
  data: string;
  server: RunningServer;
  /** Waits until the process, which has ended, is reaped; null if it is not our child, but adopted. */
  reaped: (() => Promise<void>) | null;
  stopMs: number;
};

/** Gives the caller the right, and the duty, to end `server`. */
export function takeOwnership({ url, location, data, server, reaped, stopMs }: Input): EmbeddedPostgres {
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
