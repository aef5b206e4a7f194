import { decode, describeServer, readParameters, refuse, splitAuthority, type Take } from './connection-url.ts';

/** How the connection is encrypted, as libpq's sslmode says; `allow` and `prefer` are the same here. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** DATABASE_URL in its parts. What is null is left to the driver, which reads PGHOST, PGPORT, PGUSER and PGPASSWORD. */
export type DatabaseAddress = {
  /** In the order in which they are tried. Empty for a Unix socket. */
  servers: { host: string | null; port: number | null }[];
  /** Folder of the Unix socket and its port, which is part of the file's name. */
  socket: { folder: string; port: number } | null;
  user: string | null;
  password: string | null;
  database: string | null;
  tls: {
    mode: TlsMode;
    /** Files in PEM. */
    caFile: string | null;
    certFile: string | null;
    keyFile: string | null;
    keyPassword: string | null;
    /** channel_binding=require was written, for which the certificate is verified. */
    isChannelBound: boolean;
    /** The TLS handshake begins at once, without asking the server first. */
    isDirect: boolean;
  };
  /** Which of several servers is wanted; null: the first that answers. */
  targetSessionAttrs: 'primary' | 'read-write' | null;
  connectTimeoutS: number | null;
  /** Prisma's connection_limit. */
  poolSize: number | null;
  /** What remains is sent to the server as settings of the session, which refuses what it does not know. */
  settings: Record<string, string>;
};

export const DATABASE_URL_FORM =
  'a URL like postgres://user:password@host:5432/name (percent-encode special characters in user and password)';

export const DEFAULT_POSTGRES_PORT = 5432;
/** Scheme, authority, path, query. None of them may hold a raw `#`: drivers take what follows for a fragment. */
const PARTS = /^([a-z][a-z0-9+.:-]*?):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const SERVER = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]*))(?::(\d*))?$/i;

const TLS_MODES: Record<string, TlsMode> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
  // What drivers other than libpq accept as `ssl=`.
  false: 'disable',
  0: 'disable',
  true: 'verify-full',
  1: 'verify-full',
};

/**
 * What other programs read from such a URL and this service has no use for. `pgbouncer` promises nothing: whether the
 * pooler suits is found out at the start.
 */
const NOT_NEEDED = new Set(
  `pgbouncer pool_timeout socket_timeout statement_cache_size uselibpqcompat supa sslsni keepalives keepalives_idle
   keepalives_interval keepalives_count tcp_user_timeout fallback_application_name load_balance_hosts serverversion
   charset`.split(/\s+/),
);

/**
 * Parses the forms of DATABASE_URL that libpq, providers and other drivers use: several hosts, IPv6, Unix sockets,
 * sslmode, and Prisma's parameters.
 * @throws {ConnectionUrlError} naming the part that does not fit, and what to write instead
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const [, scheme = '', authority = '', path = '', query = ''] = PARTS.exec(text) ?? [];
  if (!/^postgres(ql)?$/i.test(scheme)) return refuse(wrongScheme(text));
  const { take, left } = readParameters(query);
  const { credentials, hosts } = splitAuthority(authority);
  const [user = '', ...password] = credentials.split(':');
  const address = {
    ...serversOf(hosts, take('host'), take('port')),
    user: decode(user, 'the user') || take('user'),
    password: decode(password.join(':'), 'the password') || take('password'),
    database: decode(path, 'the name of the database') || take('dbname'),
    tls: takeTls(take),
    targetSessionAttrs: takeTargetSessionAttrs(take),
    connectTimeoutS: takeNumber(take, 'connect_timeout'),
    poolSize: takeNumber(take, 'connection_limit'),
  };
  checkSchema(take('schema') ?? take('currentschema') ?? take('search_path'));
  checkEncoding(take('client_encoding'));
  if (take('gssencmode') === 'require')
    refuse('has gssencmode=require, which is not supported: remove it, and use sslmode');
  return { ...address, settings: Object.fromEntries([...left].filter(([name]) => !NOT_NEEDED.has(name))) };
}

/** `host:port` of each server, or the folder of the socket, for people. */
export function describeDatabase({ servers, socket }: DatabaseAddress): string {
  if (socket !== null) return socket.folder;
  return servers.map(({ host, port }) => describeServer({ host: host ?? 'localhost', port })).join(', ');
}

function wrongScheme(text: string): string {
  const [, scheme = ''] = /^([a-z][a-z0-9+.:-]*):\/\//i.exec(text) ?? [];
  if (/^jdbc:postgres(ql)?$/i.test(scheme)) {
    return 'must begin with postgres://, not with jdbc: (and has user and password before the host: postgres://user:password@host)';
  }
  if (/^postgres(ql)?\+\w+$/i.test(scheme)) {
    return 'must begin with postgres:// alone: remove the + and the name of the driver after it';
  }
  if (/^prisma(\+postgres)?$/i.test(scheme)) {
    return 'must be the address of the PostgreSQL server itself: use its direct connection string, which begins with postgres://';
  }
  return `must be ${DATABASE_URL_FORM}`;
}

/** @param parameter the value of `host`, which replaces the hosts before the path: it holds no ports and no brackets */
function serversOf(
  authority: string,
  parameter: string | null,
  portParameter: string | null,
): Pick<DatabaseAddress, 'servers' | 'socket'> {
  const ports = portParameter?.split(',') ?? [];
  const written =
    parameter?.split(',').map((host) => ({ host: host.replace(/^\[(.*)\]$/, '$1'), port: '' })) ??
    authority.split(',').map(hostAndPort);
  const servers = written.map(({ host, port }, index) => ({
    host: host || null,
    port: portOf(port || (ports[index] ?? ports[0] ?? '')),
  }));
  const [first] = servers;
  if (!first?.host?.startsWith('/')) return { servers, socket: null };
  if (servers.length > 1) refuse('must be either one Unix socket, or one or more hosts');
  return { servers: [], socket: { folder: first.host.replace(/\/+$/, ''), port: first.port ?? DEFAULT_POSTGRES_PORT } };
}

function hostAndPort(part: string): { host: string; port: string } {
  const [whole, ipv6, name = '', port = ''] = SERVER.exec(part) ?? [];
  if (whole === undefined) {
    return refuse(`must be ${DATABASE_URL_FORM}; an IPv6 address stands in brackets: [::1]:5432`);
  }
  return { host: ipv6 ?? decode(name, 'the host'), port };
}

function portOf(text: string): number | null {
  if (text === '') return null;
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : refuse('must have a port from 1 to 65535');
}

function takeTls(take: Take): DatabaseAddress['tls'] {
  const ssl = take('ssl');
  const sslmode = take('sslmode');
  const caFile = take('sslrootcert');
  const binding = take('channel_binding');
  const accept = take('sslaccept');
  const negotiation = take('sslnegotiation');
  const written = sslmode ?? ssl ?? 'disable';
  let mode = TLS_MODES[written.toLowerCase()] ?? refuse(`has an unknown sslmode: use ${TLS_MODE_NAMES}`);
  // As libpq does: a root certificate that is named is used.
  if (mode === 'require' && written !== 'no-verify' && caFile !== null) mode = 'verify-ca';
  if (caFile === 'system' || accept === 'strict') mode = 'verify-full';
  if (binding === 'require') {
    // The driver has no channel binding. Its purpose, that nobody stands in between, is served by the certificate.
    if (mode === 'disable' && (sslmode ?? ssl) !== null) refuse('asks for channel_binding=require without TLS');
    mode = 'verify-full';
  }
  return {
    mode,
    caFile: caFile === 'system' ? null : caFile,
    certFile: take('sslcert'),
    keyFile: take('sslkey'),
    keyPassword: take('sslpassword'),
    isChannelBound: binding === 'require',
    isDirect: negotiation === 'direct',
  };
}

const TLS_MODE_NAMES = 'disable, prefer, require, verify-ca or verify-full';

function takeTargetSessionAttrs(take: Take): DatabaseAddress['targetSessionAttrs'] {
  const wanted = take('target_session_attrs');
  if (wanted === null || wanted === 'any') return null;
  if (wanted === 'primary' || wanted === 'read-write') return wanted;
  return refuse('must lead to a server that takes writes: use target_session_attrs=primary');
}

/** 0 stands for no limit, as in libpq and Prisma. */
function takeNumber(take: Take, name: string): number | null {
  const text = take(name);
  if (text === null) return null;
  if (!/^\d{1,6}$/.test(text)) refuse(`must have a whole number as ${name}`);
  return Number(text) || null;
}

function checkSchema(schema: string | null): void {
  if (schema === null || schema === 'public') return;
  refuse(
    'cannot choose a schema: the tables are in the schema public. Remove the schema and name a database for this service alone',
  );
}

function checkEncoding(encoding: string | null): void {
  if (encoding === null || /^(auto|utf-?8)$/i.test(encoding)) return;
  refuse('has an unsupported client_encoding: remove it, the service uses UTF8');
}
