import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientAddress } from '../http/client-address.ts';
import { sendRawError } from '../http/raw-response.ts';
import { isPermit, type SocketLimits } from './socket-limits.ts';

/**
 * Answers connections beyond an address's limit with 429 and closes them: left open, silent connections would use up
 * the process's file descriptors.
 */
export function limitConnections(server: Server, { connections }: SocketLimits): void {
  server.prependListener('connection', (socket: Socket) => {
    const permit = connections.ofAddress(clientAddress({ headers: {}, socket }, 0));
    if (isPermit(permit)) socket.once('close', permit);
    else sendRawError(socket, 429, 'RATE_LIMITED', permit.refusal, ['Retry-After: 1']);
  });
}
