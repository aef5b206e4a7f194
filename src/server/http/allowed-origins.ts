export type AllowedOrigins = {
  /** Null: the default that `ServerOptions.corsOrigins` describes. */
  corsOrigins: readonly string[] | null;
  localViewer: boolean;
  publicUrl: string | null;
};

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1']);

/**
 * Whether a page from `origin` may use the API. The same origin always may: that of PUBLIC_URL, or of the Host header,
 * which isAllowedHost has checked where that matters. `null` (sandboxed pages, files) never may.
 */
export function isAllowedOrigin(allowed: AllowedOrigins, origin: string, hostHeader: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null) return false;
  if (url.host === hostHeader?.toLowerCase()) return true;
  if (allowed.publicUrl !== null && origin === new URL(allowed.publicUrl).origin) return true;
  if (allowed.corsOrigins !== null) return allowed.corsOrigins.some((entry) => withoutSlash(entry) === origin);
  return allowed.localViewer && LOOPBACK_NAMES.has(url.hostname);
}

/** The message for a client from any other origin. */
export const forbiddenOrigin = (origin: string): string =>
  `${originName(origin)} is not allowed to use this API. Add it to CORS_ORIGINS, or set PUBLIC_URL to it if this is the address of the proxy before this service.`;

/** The header may hold anything; only an origin is repeated. */
function originName(origin: string): string {
  if (origin === 'null') return 'Origin null';
  const parsed = URL.parse(origin)?.origin;
  return parsed === undefined || parsed === 'null' ? 'This origin' : `Origin ${parsed}`;
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');
