import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from './reply.ts';

/** Answers on a socket that has no `ServerResponse`, and closes it. */
export function sendRawError(
  socket: Duplex,
  status: number,
  code: string,
  message: string,
  headers: readonly string[] = [],
): void {
  const body = JSON.stringify(errorBody(code, message));
  // The client may have left already; an error without a listener would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      ...headers,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
