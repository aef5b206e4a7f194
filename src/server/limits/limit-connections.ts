import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientAddress } from '../http/client-address.ts';
import type { SocketLimits } from './socket-limits.ts';

/** Refuses connections beyond an address's, at once and in words: half-open ones would use up what the process may open. */
export function limitConnections(server: Server, { connections }: SocketLimits): void {
  server.prependListener('connection', (socket: Socket) => {
    const place = connections.fromAddress(clientAddress({ headers: {}, socket }, 0));
    if (typeof place === 'function') socket.once('close', place);
    else refuse(socket, place.refusal);
  });
}

function refuse(socket: Socket, refusal: string): void {
  const body = JSON.stringify({ errors: [{ message: `${refusal}.`, extensions: { code: 'RATE_LIMITED' } }] });
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
