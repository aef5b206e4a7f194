/** How the server runs, whatever its postgresql.conf says: small, only for this machine, and never at the cost of data. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // Nothing replicates from here, so the log need not describe more than recovery asks for.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * The arguments of `postgres`. `-D` and the folder come first: by them a running server is recognised
 * (see `identifyProcess`).
 */
export function serverArguments(data: string, port: number): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, '-p', String(port), ...settings];
}

/** The arguments of `initdb`. Text is UTF-8 and sorts by code point, so the data does not depend on the machine's locales. */
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

/** All that PostgreSQL's programs get to see of the environment: no secrets of the service, no PG* variables, English messages. */
export const SERVER_ENV: Readonly<Record<string, string>> = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };
