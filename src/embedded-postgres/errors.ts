/** Why the embedded server is not available: one line for the operator. `cause` has the details. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(message: string, options?: ErrorOptions) {
    super(`embedded PostgreSQL: ${message}`, options);
  }
}

const ALTERNATIVES = 'or set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL server';
const NO_SPACE = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/;
const NO_PERMISSION = /Permission denied|Operation not permitted|Read-only file system|EACCES|EPERM|EROFS/;
const NO_USER_NAME = /could not look up effective user ID (\d+)/;

/** Explains an error from reading or writing `folder`. An EmbeddedPostgresError is returned unchanged. */
export function folderError(folder: string, cause: unknown): EmbeddedPostgresError {
  if (cause instanceof EmbeddedPostgresError) return cause;
  const reason = mostInformativeLine(cause instanceof Error ? cause.message : String(cause));
  return new EmbeddedPostgresError(advice(folder, reason), { cause });
}

/** As `folderError`, but only for system errors; anything else is a bug and is returned unchanged. */
export function systemErrorIn(folder: string, cause: unknown): unknown {
  return cause instanceof Error && 'syscall' in cause ? folderError(folder, cause) : cause;
}

/**
 * Explains why a PostgreSQL program failed, from what it wrote.
 * @param action what it was doing, such as `initializing`.
 * @param folder what it was writing to.
 */
export function outputError(action: string, folder: string, output: string): EmbeddedPostgresError {
  const line = mostInformativeLine(output);
  const [, uid] = NO_USER_NAME.exec(line) ?? [];
  if (uid !== undefined) {
    return new EmbeddedPostgresError(
      `user id ${uid} has no name, which PostgreSQL requires: run the service as a user that /etc/passwd lists, name ` +
        'this one there or with nss_wrapper, or set DATABASE_URL to a PostgreSQL server',
    );
  }
  if (NO_SPACE.test(line) || NO_PERMISSION.test(line)) return new EmbeddedPostgresError(advice(folder, line));
  return new EmbeddedPostgresError(`the server exited while ${action} ${folder}: ${line}`);
}

/** Explains why a program could not be started at all. */
export function spawnError(program: string, cause: NodeJS.ErrnoException): EmbeddedPostgresError {
  const reason =
    cause.code === 'ENOENT'
      ? 'the system has no loader for it (the binaries need glibc, so they do not run on Alpine)'
      : `the system refused to run it (${cause.code ?? cause.message})`;
  return new EmbeddedPostgresError(
    `cannot run ${program}: ${reason}. Start the service as an ordinary user, or set DATABASE_URL`,
    { cause },
  );
}

/** The last fatal message, or else the last line. */
function mostInformativeLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.map((line) => /\b(?:FATAL|PANIC|fatal|error):.*/.exec(line)?.[0]).findLast((match) => match);
  return fatal ?? lines.at(-1) ?? 'it wrote no message';
}

function advice(folder: string, reason: string): string {
  if (NO_SPACE.test(reason)) return `no disk space left for ${folder} (${reason}): free some space, ${ALTERNATIVES}`;
  if (NO_PERMISSION.test(reason)) {
    return `no permission to use ${folder} (${reason}): make the user who runs the service its owner, ${ALTERNATIVES}`;
  }
  return `cannot use ${folder} (${reason}): repair it, ${ALTERNATIVES}`;
}
