/** Why the embedded server is not available: one line for a human, saying what to do. The cause keeps the details. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(message: string, options?: ErrorOptions) {
    super(`embedded PostgreSQL: ${message}`, options);
  }
}

const ANOTHER_PLACE = 'or set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL server';
const NO_SPACE = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/;
const NO_PERMISSION = /Permission denied|Operation not permitted|Read-only file system|EACCES|EPERM|EROFS/;

/** Turns what went wrong while reading or writing `folder` into advice. An EmbeddedPostgresError passes unchanged. */
export function folderError(folder: string, cause: unknown): EmbeddedPostgresError {
  if (cause instanceof EmbeddedPostgresError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new EmbeddedPostgresError(advice(folder, text), { cause });
}

/**
 * Turns the output of a program of PostgreSQL that failed into advice.
 * @param doing what it was doing, such as `initialising`.
 * @param folder what it was writing to.
 */
export function outputError(doing: string, folder: string, output: string): EmbeddedPostgresError {
  const line = tellingLine(output);
  if (NO_SPACE.test(output) || NO_PERMISSION.test(line)) return new EmbeddedPostgresError(advice(folder, output));
  return new EmbeddedPostgresError(`it ended while ${doing} ${folder}: ${line}`);
}

/** Turns a program that could not even be started into advice. */
export function spawnError(program: string, cause: NodeJS.ErrnoException): EmbeddedPostgresError {
  const reason =
    cause.code === 'ENOENT'
      ? 'the system has no loader for it (the binaries need glibc, so not Alpine)'
      : `the system refuses it (${cause.code ?? cause.message})`;
  return new EmbeddedPostgresError(
    `cannot run ${program}: ${reason}. Start the service as an ordinary user, or set DATABASE_URL`,
    { cause },
  );
}

/** The line that tells most about a failure: the last fatal one, else the last one. */
export function tellingLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const fatal = lines.findLast((line) => /\b(FATAL|PANIC|fatal|error):/.test(line));
  return fatal ?? lines.at(-1) ?? 'it said nothing';
}

function advice(folder: string, text: string): string {
  if (NO_SPACE.test(text)) return `no disk space left for ${folder}: free some, ${ANOTHER_PLACE}`;
  if (NO_PERMISSION.test(text)) {
    return `no permission to use ${folder}: give it to the user who runs the service, ${ANOTHER_PLACE}`;
  }
  return `cannot use ${folder} (${text.trim()}): repair it, ${ANOTHER_PLACE}`;
}
