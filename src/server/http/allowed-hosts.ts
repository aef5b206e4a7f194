import { isIP } from 'node:net';

export type HostRule = {
  localViewer: boolean;
  /** The host the server listens on. */
  host: string;
  publicUrl: string | null;
};

/**
 * Whether a request's Host header names this server. The viewer `local` needs no token, so a web page could read the
 * API by letting its own name resolve to 127.0.0.1 (DNS rebinding); to the browser that is the same origin. Only a
 * name can be rebound: addresses and `localhost` are let through. With tokens there is nothing to steal.
 */
export function isTrustedHost(rule: HostRule, hostHeader: string | undefined): boolean {
  const name = hostnameOf(hostHeader);
  if (name === null) return false;
  if (!rule.localViewer) return true;
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0) return true;
  return name === rule.host.toLowerCase() || (rule.publicUrl !== null && name === new URL(rule.publicUrl).hostname);
}

/** What a client that calls the server by a foreign name is told. */
export const forbiddenHost = (hostHeader: string | undefined): string =>
  `This API does not answer to the name ${hostHeader ?? '(none)'}: use localhost or an address, or set PUBLIC_URL.`;

/** Without port and brackets, in lower case; null when it cannot be a host. */
function hostnameOf(hostHeader: string | undefined): string | null {
  const url = hostHeader === undefined || /[/?#@\\]/.test(hostHeader) ? null : URL.parse(`http://${hostHeader}`);
  return url === null ? null : url.hostname.replace(/^\[|\]$/g, '');
}
