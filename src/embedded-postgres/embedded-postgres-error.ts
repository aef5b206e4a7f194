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
  const reason = tellingLine(cause instanceof Error ? cause.message : String(cause));
  return new EmbeddedPostgresError(advice(folder, reason), { cause });
}

/** As `folderError` for errors of the operating system; any other is a mistake of ours and passes unchanged. */
export function systemErrorIn(folder: string, cause: unknown): unknown {
  return cause instanceof Error && 'syscall' in cause ? folderError(folder, cause) : cause;
}

/**
 * Turns the output of a program of PostgreSQL that failed into advice.
 * @param doing what it was doing, such as `initialising`.
 * @param folder what it was writing to.
 */
export function outputError(doing: string, folder: string, output: string): EmbeddedPostgresError {
  const line = tellingLine(output);
  if (NO_SPACE.test(line) || NO_PERMISSION.test(line)) return new EmbeddedPostgresError(advice(folder, line));
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

/** What tells most about a failure: the last fatal message, else the last line. */
function tellingLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.map((line) => /\b(?:FATAL|PANIC|fatal|error):.*/.exec(line)?.[0]).findLast((match) => match);
  return fatal ?? lines.at(-1) ?? 'it said nothing';
}

function advice(folder: string, reason: string): string {
  if (NO_SPACE.test(reason)) return `no disk space left for ${folder} (${reason}): free some, ${ANOTHER_PLACE}`;
  if (NO_PERMISSION.test(reason)) {
    return `no permission to use ${folder} (${reason}): give it to the user who runs the service, ${ANOTHER_PLACE}`;
  }
  return `cannot use ${folder} (${reason}): repair it, ${ANOTHER_PLACE}`;
}
