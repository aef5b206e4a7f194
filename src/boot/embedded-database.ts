/** The PostgreSQL that comes along, through the servers that run one after the other on its data. */
export type Embedded = {
  /** Where it listens now. */
  url(): string;
  /** Absolute path of the folder where the data really lies. */
  location: string;
  /** Sees to it that a server runs: one that ended under us (killed, out of memory) is started again. Never throws. */
  revive(): Promise<string>;
  /** Stops the server; it is not revived from here on. */
  close(): Promise<void>;
  /** Leaves the server running, since another process uses it. */
  release(): void;
};

/**
 * Starts the embedded PostgreSQL, or adopts the one that runs already.
 * @throws {EmbeddedPostgresError} one line that says what to do.
 */
export async function openEmbedded(dataDir: string, say: (line: string) => void): Promise<Embedded> {
  // Loaded on demand: a service that is given DATABASE_URL does not need the package.
  const { startEmbeddedPostgres } = await import('../embedded-postgres/index.ts');
  let server = await startEmbeddedPostgres({ dataDir, log: say });
  let closed = false;
  let reviving: Promise<void> = Promise.resolve();

  async function startAgain(): Promise<void> {
    if (closed) return;
    try {
      server = await startEmbeddedPostgres({ dataDir, log: say });
    } catch (error) {
      say(`embedded PostgreSQL is away, and cannot be started again yet: ${String(error)}`);
    }
  }

  return {
    url: () => server.url,
    location: server.location,
    async revive() {
      reviving = reviving.then(startAgain);
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
