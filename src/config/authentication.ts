import type { TokenIssuer } from '../orchestrator/ports/caller.ts';
import { isLoopback } from './value-schemas.ts';
import type { Values } from './variables.ts';

export function authOf(values: Values): TokenIssuer | null {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = values;
  if (secret !== null) return { keys: { secret }, issuer, audience };
  return jwksUrl === null ? null : { keys: { jwksUrl }, issuer, audience };
}

/** Checks the rules between variables. A rule about an invalid variable, which is absent here, is skipped. */
export function authConflicts(values: Partial<Values>): string[] {
  const problems: string[] = [];
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl, HOST: host } = values;
  if (secret && jwksUrl) problems.push('AUTH_JWKS_URL: conflicts with AUTH_JWT_SECRET; set only one of the two');
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (values[name] && secret === null && jwksUrl === null) {
      problems.push(`${name}: has no effect unless AUTH_JWT_SECRET or AUTH_JWKS_URL is set`);
    }
  }
  if (values.ALLOW_LOCAL_VIEWER !== false || secret !== null || jwksUrl !== null) return problems;
  const remedy =
    'requires tokens: set AUTH_JWT_SECRET or AUTH_JWKS_URL. To let every caller act as the viewer `local` instead, ' +
    'set ALLOW_LOCAL_VIEWER=on';
  if (host !== undefined && !isLoopback(host)) {
    problems.push(`HOST: an address other than 127.0.0.1, ::1 or localhost ${remedy}`);
  }
  if (values.NODE_ENV === 'production') problems.push(`NODE_ENV: production ${remedy}`);
  return problems;
}

/** Warnings about settings that are valid but probably not intended. */
export function authWarnings(values: Values): string[] {
  const { ALLOW_LOCAL_VIEWER: local, AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl } = values;
  const warnings: string[] = [];
  if (local && (secret !== null || jwksUrl !== null)) {
    warnings.push('ALLOW_LOCAL_VIEWER has no effect: with AUTH_JWT_SECRET or AUTH_JWKS_URL every caller needs a token');
  }
  const url = jwksUrl === null ? null : new URL(jwksUrl);
  if (url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    warnings.push('AUTH_JWKS_URL is not https: anyone who can tamper with the response can act as any viewer');
  }
  return warnings;
}
