import { isIPv6 } from 'node:net';
import { decode, describeServer, readParameters, refuse, splitAuthority, type Take } from './connection-url.ts';

/** REDIS_URL in its parts. */
export type RedisAddress = {
  /** One server; with Sentinel the Sentinels, in the order in which they are tried; empty for a Unix socket. */
  servers: { host: string; port: number }[];
  /** The file of a Unix socket. */
  socket: string | null;
  /** Set if the servers are Sentinels, which know where the primary is. */
  sentinel: { primary: string; user: string | null; password: string | null } | null;
  /** null: the default user. */
  user: string | null;
  password: string | null;
  database: number;
  hasTls: boolean;
  /** IP version; 0: either. */
  family: 0 | 4 | 6;
};

export const REDIS_URL_FORM =
  'a URL like redis://user:password@host:6379/0, or rediss:// for TLS (percent-encode special characters in user and ' +
  'password)';

const SENTINEL_FORM = 'redis+sentinel://user:password@host:26379,host:26379/<name of the primary>/0';

const SOCKET_FORM = 'must have the form unix:///path/of/redis.sock for a Unix socket, with three slashes';

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;

/** Scheme, authority, path, query. None of them may hold a raw `#`. */
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const SERVER = /^(?:\[([^\]\s]+)\]|([^:[\]\s]*))(?::(\d*))?$/;
/** `<host>`, `${REDIS_HOST}`, `$REDIS_HOST` */
const PLACEHOLDER = /[<>{}$]/;

type Kind = 'server' | 'socket' | 'sentinel';

/** What providers and other drivers call it. */
const SCHEMES: Readonly<Record<string, { kind: Kind; hasTls: boolean }>> = {
  redis: { kind: 'server', hasTls: false },
  rediss: { kind: 'server', hasTls: true },
  valkey: { kind: 'server', hasTls: false },
  valkeys: { kind: 'server', hasTls: true },
  'redis+tls': { kind: 'server', hasTls: true },
  'redis+ssl': { kind: 'server', hasTls: true },
  unix: { kind: 'socket', hasTls: false },
  'redis+unix': { kind: 'socket', hasTls: false },
  'redis+socket': { kind: 'socket', hasTls: false },
  'redis-socket': { kind: 'socket', hasTls: false },
  'redis+sentinel': { kind: 'sentinel', hasTls: false },
  'redis-sentinel': { kind: 'sentinel', hasTls: false },
  'rediss+sentinel': { kind: 'sentinel', hasTls: true },
  'rediss-sentinel': { kind: 'sentinel', hasTls: true },
};

/** Parameters of other drivers for which this service has its own values, and which change nothing about the server. */
const NOT_NEEDED = new Set(
  `timeout connecttimeout connect_timeout commandtimeout socket_timeout socket_connect_timeout socket_keepalive
   dial_timeout read_timeout write_timeout idle_timeout health_check_interval keepalive abortconnect
   retry_on_timeout max_retries min_retry_backoff max_retry_backoff maxretriesperrequest enablereadycheck
   max_connections pool_size poolsize pool_timeout pool_fifo min_idle_conns max_idle_conns max_active_conns
   conn_max_idle_time conn_max_lifetime connectionname client_name clientname protocol decode_responses encoding`.split(
    /\s+/,
  ),
);

const OWN_CA = 'to trust a CA of your own, set NODE_EXTRA_CA_CERTS to the file with its certificate';

const unverified = (name: string) =>
  `has ${name}, which turns off the check of the server's certificate, and that is not supported: remove it; ${OWN_CA}`;

/**
 * Parses the forms of REDIS_URL that providers and other drivers use.
 * @throws {ConnectionUrlError} naming the part that does not fit, and what to write instead
 */
export function parseRedisUrl(text: string): RedisAddress {
  const [, scheme = '', authority = '', path = '', query = ''] = PARTS.exec(text) ?? refuse(wrongForm(text));
  const { kind, hasTls } = SCHEMES[scheme.toLowerCase()] ?? refuse(wrongScheme(scheme.toLowerCase()));
  const { take, left } = readParameters(query);
  checkSpecialCharacters(authority, path, query);
  const { credentials, hosts } = splitAuthority(authority);
  const login = parseCredentials(credentials, take);
  checkTls(take, hasTls);
  const common = { ...login, hasTls, family: parseFamily(take('family')), sentinel: null, socket: null };
  const database = take('db') ?? take('database');
  const address = { server: parseServer, socket: parseSocket, sentinel: parseSentinel }[kind](
    hosts,
    path,
    database,
    take,
  );
  for (const name of left.keys())
    if (!NOT_NEEDED.has(name)) refuse(`has a parameter ${quoted(name)}that is not supported: remove it`);
  return { ...common, ...address };
}

/** `host:port` of each server, or the file of the socket, for people. */
export function describeRedis({ servers, socket, sentinel }: RedisAddress): string {
  if (socket !== null) return socket;
  const list = servers.map(describeServer).join(', ');
  return sentinel === null ? list : `${sentinel.primary} of the Sentinels ${list}`;
}

function parseServer(hosts: string, path: string, database: string | null) {
  if (hosts.includes(',')) {
    return refuse(
      `names several servers: for Sentinel, write ${SENTINEL_FORM}; otherwise name only one, since cluster mode is not supported`,
    );
  }
  if (hosts === '' && /^\/.*[^\d/]/.test(path)) return refuse(SOCKET_FORM);
  return { servers: [serverOf(hosts, DEFAULT_PORT)], database: parseDatabase(path.slice(1) || database) };
}

function parseSocket(hosts: string, path: string, database: string | null) {
  if (hosts !== '' || path.length < 2) return refuse(SOCKET_FORM);
  return { servers: [], socket: decode(path, 'the path'), database: parseDatabase(database) };
}

function parseSentinel(hosts: string, path: string, database: string | null, take: Take) {
  const [, primary = '', number = null, ...rest] = path.split('/');
  if (primary === '' || rest.length > 0 || hosts === '' || !/^\d*$/.test(number ?? ''))
    return refuse(`must have the form ${SENTINEL_FORM} for Sentinel`);
  return {
    servers: hosts.split(',').map((host) => serverOf(host, DEFAULT_SENTINEL_PORT)),
    sentinel: {
      primary: decode(primary, 'the name of the primary'),
      user: take('sentinel_username'),
      password: take('sentinel_password'),
    },
    database: parseDatabase(number || database),
  };
}

function serverOf(text: string, defaultPort: number): { host: string; port: number } {
  const [, ipv6, name, digits] =
    SERVER.exec(text) ?? refuse(`must be ${REDIS_URL_FORM}; an IPv6 address needs brackets`);
  const port = digits ? Number(digits) : defaultPort;
  if (port < 1 || port > 65_535) refuse('has a port that is not from 1 to 65535');
  const host = decode(ipv6 ?? name ?? '', 'the host') || '127.0.0.1';
  if (ipv6 !== undefined && !isIPv6(host)) refuse('has brackets around a host that is not an IPv6 address');
  if (PLACEHOLDER.test(host)) refuse('has a placeholder as its host: write the real name');
  return { host, port };
}

function parseCredentials(text: string, take: Take): { user: string | null; password: string | null } {
  const asParameters = { user: take('username'), password: take('password') };
  if (text === '') return asParameters;
  const colon = text.indexOf(':');
  if (colon < 0) {
    if (asParameters.password !== null) return { ...asParameters, user: decode(text, 'the user') };
    return refuse(
      'has a user without a password: write redis://user:password@host, or redis://:password@host if that is the password',
    );
  }
  return {
    user: decode(text.slice(0, colon), 'the user') || null,
    password: decode(text.slice(colon + 1), 'the password'),
  };
}

function parseDatabase(text: string | null): number {
  const digits = (text ?? '').replace(/\/$/, '');
  if (digits === '') return 0;
  if (!/^\d{1,9}$/.test(digits)) refuse('must have a database number after the host, like redis://host:6379/0');
  return Number(digits);
}

function parseFamily(text: string | null): 0 | 4 | 6 {
  if (text === null || text === '0') return 0;
  if (text === '4') return 4;
  return text === '6' ? 6 : refuse('has a parameter family that is not 4, 6 or 0');
}

function checkTls(take: Take, hasTls: boolean): void {
  for (const name of ['ssl', 'tls', 'sslmode']) {
    if (/^(true|1|yes|on|require|verify-ca|verify-full)$/i.test(take(name) ?? '') && !hasTls)
      refuse(`has ${name}, which asks for TLS: write rediss:// instead of redis://, and remove it`);
  }
  for (const name of ['ssl_cert_reqs', 'ssl_check_hostname', 'rejectunauthorized', 'verifypeer', 'verify_peer']) {
    if (/^(none|cert_none|optional|cert_optional|false|0|no|disable)$/i.test(take(name) ?? ''))
      refuse(unverified(name));
  }
  for (const name of ['skip_verify', 'tls_skip_verify', 'tlsinsecure', 'insecure']) {
    if (/^(true|1|yes|on)$/i.test(take(name) ?? '')) refuse(unverified(name));
  }
  for (const name of ['ssl_ca_certs', 'ssl_ca_path', 'ssl_ca_data', 'cacert', 'ca']) {
    if (take(name) !== null) refuse(`has ${name}, which is not supported: remove it; ${OWN_CA}`);
  }
  for (const name of ['ssl_certfile', 'ssl_keyfile', 'cert', 'key']) {
    if (take(name) !== null)
      refuse(`has ${name}: client certificates are not supported; remove it, and use a password`);
  }
}

/** A `/` or `?` in the password ends the host for every parser: what follows then holds the @. */
function checkSpecialCharacters(authority: string, path: string, query: string): void {
  if (path.includes('@')) refuse('has a / in the user or password: write it as %2F');
  if (query.includes('@') && !authority.includes('@')) refuse('has a ? in the user or password: write it as %3F');
}

/** A name that is no word may be a part of a password with a question mark in it. */
const quoted = (name: string) => (/^[a-z_]{1,30}$/.test(name) ? `${name} ` : '');

function wrongForm(text: string): string {
  if (/^["'].*["']$/s.test(text)) return 'is in quotes: remove them';
  if (/^(redis|valkey)-cli\s(?!.*:\/\/)/s.test(text)) {
    return 'is a command: write its host, port and password as redis://:password@host:port, with rediss:// for --tls';
  }
  if (/^(redis|valkey)-cli\s|\s-u\s/.test(text)) {
    return 'is a command: keep only the URL after -u, and write rediss:// in it if the command has --tls';
  }
  if (/^(export\s+)?[A-Z_]+=/.test(text)) return 'begins with the name of a variable: keep only what follows the =';
  if (/^(unix:)?\/(?!\/)/i.test(text)) return SOCKET_FORM;
  if (/^[a-z+-]*sentinel:\/\//i.test(text)) return `must have the form ${SENTINEL_FORM} for Sentinel`;
  if (/,\s*(password|ssl|abortConnect|user)=/i.test(text)) {
    return 'is a connection string of StackExchange.Redis: write rediss://:password@host:6380, or redis:// for ssl=False';
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^#]*#/i.test(text)) return 'has a # in it: write it as %23';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return 'has no scheme: write redis:// before the host, or rediss:// if the server expects TLS';
  }
  return `must be ${REDIS_URL_FORM}`;
}

function wrongScheme(scheme: string): string {
  if (scheme === 'http' || scheme === 'https') {
    return 'is the address of an HTTP API: use the URL of the same database that begins with redis:// or rediss://';
  }
  if (scheme.includes('cluster'))
    return 'is for cluster mode, which is not supported: use a Redis with cluster mode off';
  if (scheme.includes('sentinel')) return `must have the form ${SENTINEL_FORM} for Sentinel`;
  return 'must begin with redis://, or with rediss:// for TLS';
}
