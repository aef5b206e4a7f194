import postgres from 'postgres';

/** There is no connection to PostgreSQL, for the reason in the message, or it does not answer. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/** The driver's error, or the pool's, inside the one that Drizzle throws. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause !== undefined && !isRoot(root)) root = root.cause;
  return root;
}

const isRoot = (error: Error) => error instanceof postgres.PostgresError || error instanceof DatabaseUnavailableError;

function codeOf(error: unknown): string | undefined {
  const root = rootOf(error);
  if (typeof root !== 'object' || root === null || !('code' in root)) return undefined;
  return typeof root.code === 'string' ? root.code : undefined;
}

/** Deadlock or serialization failure: the same transaction may succeed when run again. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

const UNAVAILABLE_CODES = new Set([
  // The driver lost its connection, or could not open one.
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  // Node.js: the network, the name server or the socket file.
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  // Postgres: shut down by an administrator, crashed, starting up; an idle session that timed out.
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  // Postgres: a statement took longer than this service allows, probably because it waited for a lock.
  '57014',
  // Postgres: read-only, during a failover.
  '25006',
]);

/**
 * The database cannot be reached, is starting, or lacks disk, memory or connections (classes 08 and 53): the same call
 * may succeed later.
 */
export function isUnavailable(error: unknown): boolean {
  if (rootOf(error) instanceof DatabaseUnavailableError) return true;
  const code = codeOf(error);
  return code !== undefined && (UNAVAILABLE_CODES.has(code) || /^(08|53)\w{3}$/.test(code));
}

/** The statement failed together with its connection. If Postgres sent the error, its severity is FATAL. */
export function isConnectionLost(error: unknown): boolean {
  const root = rootOf(error);
  return isUnavailable(error) && (!(root instanceof postgres.PostgresError) || root.severity !== 'ERROR');
}

/** The server is read-only: a standby since a failover, or a database that was set so. Nothing was written. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/** The server has no space left for what is written. It still answers reads. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === '53100';
}

/**
 * The server, or a pooler in front of it, is there and gives no connection: whatever it answered, or that it let the
 * client wait. Not while it is starting or stopping.
 */
export function isRefused(error: unknown): boolean {
  const root = rootOf(error);
  if (root instanceof postgres.PostgresError) return !root.code.startsWith('57P');
  return root instanceof DatabaseUnavailableError || codeOf(error) === 'CONNECT_TIMEOUT';
}
