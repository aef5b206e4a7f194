export type OriginRule = {
  /** Null: the default of `ServerOptions.corsOrigins`. */
  corsOrigins: readonly string[] | null;
  localViewer: boolean;
  publicUrl: string | null;
};

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1']);

/**
 * Whether a page from `origin` may use the API. The same origin always may: by PUBLIC_URL, or by the Host header,
 * which the host rule has checked where it matters. `null` (sandboxed pages, files) never may.
 */
export function isAllowedOrigin(rule: OriginRule, origin: string, hostHeader: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null) return false;
  if (url.host === hostHeader?.toLowerCase()) return true;
  if (rule.publicUrl !== null && origin === new URL(rule.publicUrl).origin) return true;
  if (rule.corsOrigins !== null) return rule.corsOrigins.some((allowed) => withoutSlash(allowed) === origin);
  return rule.localViewer && LOOPBACK_NAMES.has(url.hostname);
}

/** What a client from elsewhere is told. */
export const forbiddenOrigin = (origin: string): string =>
  `Pages from ${origin} may not use this API; CORS_ORIGINS lists those that may.`;

const withoutSlash = (url: string): string => url.replace(/\/$/, '');
