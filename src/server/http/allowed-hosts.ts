import { isIP } from 'node:net';

export type AllowedHosts = {
  localViewer: boolean;
  /** The host that the server listens on. */
  host: string;
  publicUrl: string | null;
};

/**
 * Whether a request's Host header names this server. The viewer `local` needs no token, so a web page could read the
 * API by pointing its own domain to 127.0.0.1 (DNS rebinding), which the browser takes for the same origin. Only a
 * domain can be rebound: addresses and `localhost` are allowed. With tokens there is nothing to gain by it.
 */
export function isAllowedHost(allowed: AllowedHosts, hostHeader: string | undefined): boolean {
  const name = hostnameOf(hostHeader);
  if (name === null) return false;
  if (!allowed.localViewer) return true;
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0) return true;
  if (name === allowed.host.toLowerCase()) return true;
  return allowed.publicUrl !== null && name === new URL(allowed.publicUrl).hostname;
}

/** The message for a client that uses any other host name. The header may hold anything; only a name is repeated. */
export const forbiddenHost = (hostHeader: string | undefined): string =>
  `This API does not answer to the name ${hostnameOf(hostHeader) ?? '(none)'}. Use localhost or an IP address, set PUBLIC_URL, or let the proxy forward the Host header (nginx: proxy_set_header Host $host;).`;

/** Without port and brackets, in lower case; null if the header is not a host. */
function hostnameOf(hostHeader: string | undefined): string | null {
  const url = hostHeader === undefined || /[/?#@\\]/.test(hostHeader) ? null : URL.parse(`http://${hostHeader}`);
  return url === null ? null : url.hostname.replace(/^\[|\]$/g, '');
}
