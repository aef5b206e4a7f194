import { realpath } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Where the server of a data folder can be asked. */
export type ServerAddress = { port: number; password: string };

const WRONG_PASSWORD = '28P01';
const TOO_MANY_CONNECTIONS = '53300';

/** The connection string of the superuser `postgres` and the database of that name. */
export function urlOf({ port, password }: ServerAddress): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/**
 * Does the server answer, to our password, that `data` (a real path) is its folder? A server too busy to let
 * us in answers as well; one that is not up yet does not.
 * @param timeoutMs for all of it.
 * @throws {EmbeddedPostgresError} it answers, but not to our password.
 */
export async function answersFor(address: ServerAddress, data: string, timeoutMs: number): Promise<boolean> {
  const { default: postgres } = await import('postgres');
  const sql = postgres(urlOf(address), {
    max: 1,
    connect_timeout: Math.ceil(timeoutMs / 1000),
    // As in client.ts: its question for types would leave a promise that nobody can catch.
    fetch_types: false,
    onnotice: () => undefined,
  });
  const silence = AbortSignal.timeout(timeoutMs);
  const { promise: tooLate, resolve: giveUp } = Promise.withResolvers<null>();
  silence.addEventListener('abort', () => giveUp(null), { once: true });
  try {
    const answer = sql<{ data_directory: string }[]>`SHOW data_directory`.then((rows) => rows[0] ?? null);
    const row = await Promise.race([answer, tooLate]);
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
    `the server of ${data} does not accept the password kept beside it: put back the one that was set, or set DATABASE_URL`,
  );
}
