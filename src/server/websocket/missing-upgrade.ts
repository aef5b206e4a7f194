import type { IncomingMessage } from 'node:http';

/** A WebSocket handshake that arrives as a plain GET: a proxy removed what makes it an upgrade. */
export const isHandshakeWithoutUpgrade = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers['sec-websocket-key'] !== undefined;

/** What the proxy lacks, in the words of nginx, which is the usual one to remove these. */
export function missingUpgrade({ headers, httpVersion }: IncomingMessage): string {
  const upgrades = (headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .includes('upgrade');
  const lines = [
    httpVersion === '1.0' && 'proxy_http_version 1.1;',
    headers.upgrade?.toLowerCase() !== 'websocket' && 'proxy_set_header Upgrade $http_upgrade;',
    !upgrades && 'proxy_set_header Connection "upgrade";',
  ].filter((line) => line !== false);
  return (
    'A proxy before this service does not pass WebSocket upgrades on. ' +
    `nginx lacks the lines: ${lines.join(' ')} Other proxies must forward the headers Upgrade and Connection.`
  );
}
