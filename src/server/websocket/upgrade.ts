import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { forbiddenHost, type HostRule, isTrustedHost } from '../http/allowed-hosts.ts';
import { forbiddenOrigin, isAllowedOrigin, type OriginRule } from '../http/allowed-origins.ts';
import { errorBody } from '../http/reply.ts';
import { GRAPHQL_PATH, pathOf } from '../http/routes.ts';
import type { ServerRole } from '../options.ts';

export type UpgradeOptions = {
  role: ServerRole;
  hostRule: HostRule;
  originRule: OriginRule;
  accept: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
};

/** Lets an upgrade of /graphql through under the rules that hold for its HTTP requests, and answers any other. */
export function createUpgradeHandler({ role, hostRule, originRule, accept }: UpgradeOptions) {
  return (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { host, origin } = req.headers;
    if (role === 'worker' || pathOf(req.url) !== GRAPHQL_PATH) {
      refuse(socket, 404, 'NOT_FOUND', `WebSockets are served at ${GRAPHQL_PATH}.`);
    } else if (!isTrustedHost(hostRule, host)) {
      refuse(socket, 403, 'FORBIDDEN_HOST', forbiddenHost(host));
    } else if (origin !== undefined && !isAllowedOrigin(originRule, origin, host)) {
      refuse(socket, 403, 'FORBIDDEN_ORIGIN', forbiddenOrigin(origin));
    } else {
      accept(req, socket, head);
    }
  };
}

function refuse(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify(errorBody(code, message));
  // A client that is gone already is none of our concern, but an error without a listener would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
