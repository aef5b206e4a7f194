import { readFileSync } from 'node:fs';
import { checkServerIdentity, type ConnectionOptions as TlsOptions } from 'node:tls';
import type postgres from 'postgres';
import { type DatabaseAddress, DEFAULT_POSTGRES_PORT, parseDatabaseUrl } from '../config/database-url.ts';

/** A file that DATABASE_URL names cannot be read. */
export class CertificateFileError extends Error {
  override readonly name = 'CertificateFileError';
}

/**
 * The driver's options for a DATABASE_URL. The driver does not parse the URL itself: it knows neither IPv6 addresses nor
 * root certificates, and sends every parameter that it does not know to the server.
 * @throws {ConnectionUrlError | CertificateFileError}
 */
export function connectionOptions(url: string): postgres.Options<Record<string, never>> {
  const { servers, socket, tls, ...address } = parseDatabaseUrl(url);
  const hosts = servers.flatMap(({ host }) => host ?? []);
  const options: postgres.Options<Record<string, never>> = {
    ...(socket !== null && { path: `${socket.folder}/.s.PGSQL.${socket.port}` }),
    ...(address.user !== null && { user: address.user }),
    ...(address.password !== null && { password: address.password }),
    ...(address.database !== null && { database: address.database }),
    ...(address.connectTimeoutS !== null && { connect_timeout: address.connectTimeoutS }),
    // Nobody on the way can read a Unix socket: libpq does not encrypt it either.
    ssl: socket === null ? tlsOptions(tls, hosts) : false,
    target_session_attrs: address.targetSessionAttrs ?? (servers.length > 1 ? 'read-write' : undefined),
    connection: address.settings,
  };
  // Not in the driver's types, which also say that host and port are not arrays.
  return Object.assign(options, {
    ...(hosts.length > 0 && { host: hosts }),
    ...(servers.some(({ host, port }) => host ?? port) && { port: servers.map(({ port }) => port ?? defaultPort()) }),
    ...(tls.isDirect && { sslnegotiation: 'direct' }),
  });
}

/** The driver reads PGPORT only if no server has a port. */
const defaultPort = () => Number(process.env['PGPORT']) || DEFAULT_POSTGRES_PORT;

function tlsOptions(tls: DatabaseAddress['tls'], hosts: readonly string[]): TlsOptions | 'prefer' | false {
  const { mode } = tls;
  if (mode === 'disable') return false;
  // The only mode that goes on without encryption. It verifies nothing.
  if (mode === 'prefer') return 'prefer';
  return {
    ...(tls.caFile !== null && { ca: readPem('sslrootcert', tls.caFile) }),
    ...(tls.certFile !== null && { cert: readPem('sslcert', tls.certFile) }),
    ...(tls.keyFile !== null && { key: readPem('sslkey', tls.keyFile) }),
    ...(tls.keyPassword !== null && { passphrase: tls.keyPassword }),
    rejectUnauthorized: mode !== 'require',
    // The driver does not tell Node the name of a host that is an IP address.
    checkServerIdentity(name, certificate) {
      if (mode !== 'verify-full') return undefined;
      const mismatches = (hosts.length > 0 ? hosts : [name]).map((host) => checkServerIdentity(host, certificate));
      return mismatches.includes(undefined) ? undefined : mismatches[0];
    },
  };
}

function readPem(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CertificateFileError(`${parameter}: cannot read ${file} (${reason})`);
  }
}
