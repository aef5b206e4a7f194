import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type AllowedHosts, forbiddenHost, isAllowedHost } from '../http/allowed-hosts.ts';
import { type AllowedOrigins, forbiddenOrigin, isAllowedOrigin } from '../http/allowed-origins.ts';
import { removePublicPath } from '../http/public-path.ts';
import { sendRawError } from '../http/raw-response.ts';
import { GRAPHQL_PATH, pathOf } from '../http/routes.ts';
import type { ServerRole } from '../server-options.ts';

export type UpgradeOptions = {
  role: ServerRole;
  publicPath: string;
  allowedHosts: AllowedHosts;
  allowedOrigins: AllowedOrigins;
  accept: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
};

/** Accepts upgrade requests for /graphql under the rules of its HTTP requests, and refuses all others. */
export function createUpgradeHandler({ role, publicPath, allowedHosts, allowedOrigins, accept }: UpgradeOptions) {
  return (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    removePublicPath(publicPath, req);
    const { host, origin } = req.headers;
    if (role === 'worker' || pathOf(req.url) !== GRAPHQL_PATH) {
      sendRawError(socket, 404, 'NOT_FOUND', `WebSockets are served at ${publicPath}${GRAPHQL_PATH} only.`);
    } else if (!isAllowedHost(allowedHosts, host)) {
      sendRawError(socket, 403, 'FORBIDDEN_HOST', forbiddenHost(host));
    } else if (origin !== undefined && !isAllowedOrigin(allowedOrigins, origin, host)) {
      sendRawError(socket, 403, 'FORBIDDEN_ORIGIN', forbiddenOrigin(origin));
    } else {
      accept(req, socket, head);
    }
  };
}
