import type { DatabaseAddress } from '../config/database-url.ts';

const NOT_TRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What to do about a connection that failed, as a sentence; null if the driver's message says enough. */
export function databaseAdvice(error: unknown, { tls }: Pick<DatabaseAddress, 'tls'>): string | null {
  const { code, message } = codeAndMessage(error);
  if (NOT_TRUSTED.has(code)) {
    if (tls.isChannelBound && tls.caFile === null) {
      return 'For channel_binding=require the certificate is verified: add sslrootcert=/path/to/ca.pem to DATABASE_URL, or remove channel_binding.';
    }
    return tls.caFile === null
      ? 'Add sslrootcert=/path/to/ca.pem to DATABASE_URL, with the certificate of the authority that signed the server’s.'
      : 'The file of sslrootcert does not contain the authority that signed the server’s certificate.';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'Use a host name that the server’s certificate lists, or sslmode=verify-ca, which does not compare names.';
  }
  if (tls.mode !== 'disable' && (code === 'ECONNRESET' || code === 'EPROTO' || code.startsWith('ERR_SSL_'))) {
    return 'The server does not seem to accept TLS: remove sslmode from DATABASE_URL, or turn TLS on in the server.';
  }
  if (tls.mode === 'disable' && /no encryption|ssl (is )?required|insecure|sslmode/i.test(message)) {
    return 'The server accepts only TLS: add sslmode=require to DATABASE_URL, or verify-full to check its certificate.';
  }
  const [, parameter] =
    /^unrecognized configuration parameter "([^"]+)"|^unsupported startup parameter(?: in options)?: (\S+)/
      .exec(message)
      ?.filter((part) => part !== undefined) ?? [];
  if (parameter !== undefined) return `Remove ${parameter} from the parameters of DATABASE_URL.`;
  if (code === '3D000') return 'Create it first (createdb), or correct the name in DATABASE_URL.';
  if (code === '42501') {
    return 'The user of DATABASE_URL creates the tables: GRANT CREATE ON DATABASE and GRANT CREATE ON SCHEMA public to it.';
  }
  return null;
}

function codeAndMessage(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}
