/** How the server runs, whatever its postgresql.conf contains: small, reachable from this machine only, always durable. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // There are no replicas, so the log needs to hold no more than recovery reads.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** How long to wait for a server, in ms. */
export type Timeouts = {
  /** For a ready server to answer before it counts as hung. */
  answerMs: number;
  /** For a server to become ready; after a crash it first replays its log. */
  startMs: number;
  /** For a fast shutdown before it becomes an immediate one. */
  stopMs: number;
};

export const DEFAULT_TIMEOUTS: Timeouts = { answerMs: 10_000, startMs: 60_000, stopMs: 30_000 };

/** The arguments of `postgres`. `-D` and the folder come first: `identifyProcess` recognizes a running server by them. */
export function serverArguments(data: string, port: number): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, '-p', String(port), ...settings];
}

/** The arguments of `initdb`. Text is UTF-8 and sorts by code point, whatever locales the machine has. */
export function initdbArguments(data: string, passwordFile: string): string[] {
  return [
    '-D',
    data,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ];
}

/** With these nss_wrapper gives a name to a user who has none, as in a container that runs under an arbitrary user id. */
const USER_NAME_VARIABLES = ['LD_PRELOAD', 'NSS_WRAPPER_PASSWD', 'NSS_WRAPPER_GROUP'];

/**
 * The whole environment of PostgreSQL's programs: no secrets of the service, no PG* variables, English messages.
 * @param env the environment of this process
 */
export function serverEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const isWrapped = env['NSS_WRAPPER_PASSWD'] !== undefined;
  const wrapper = isWrapped
    ? USER_NAME_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))
    : [];
  return { ...Object.fromEntries(wrapper), LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };
}
