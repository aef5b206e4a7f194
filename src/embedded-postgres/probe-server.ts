import { realpath } from 'node:fs/promises';
import { EmbeddedPostgresError } from './errors.ts';

/** How to connect to a server as its superuser. */
export type ServerAddress = { port: number; password: string };

const WRONG_PASSWORD = '28P01';
const TOO_MANY_CONNECTIONS = '53300';

/** The connection string of the superuser `postgres` and the database of the same name. */
export function connectionString({ port, password }: ServerAddress): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/**
 * Whether the server at `address` serves `data` (a real path). A server with no connection to spare counts as serving
 * it; one that is not ready to answer does not.
 * @param timeoutMs for connecting and querying together.
 * @throws {EmbeddedPostgresError} the server rejects the password.
 */
export async function servesFolder(address: ServerAddress, data: string, timeoutMs: number): Promise<boolean> {
  const { default: postgres } = await import('postgres');
  const sql = postgres(connectionString(address), {
    max: 1,
    connect_timeout: Math.ceil(timeoutMs / 1000),
    // Fetching types would leave a rejected promise that nobody can catch if the connection ends early.
    fetch_types: false,
    onnotice: () => undefined,
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  const { promise: timedOut, resolve: onTimeout } = Promise.withResolvers<null>();
  timeout.addEventListener('abort', () => onTimeout(null), { once: true });
  try {
    const answer = sql<{ data_directory: string }[]>`SHOW data_directory`.then((rows) => rows[0] ?? null);
    const row = await Promise.race([answer, timedOut]);
    return row !== null && (await realpath(row.data_directory)) === data;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === WRONG_PASSWORD) throw wrongPassword(data);
    return code === TOO_MANY_CONNECTIONS;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

function wrongPassword(data: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the server of ${data} does not accept the password stored beside it: restore the original password file, or set DATABASE_URL`,
  );
}
