import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export type RawAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/**
 * Sends a request with exactly these headers on a new connection. (`fetch` decompresses, follows redirects, and sets Host
 * and Origin itself.)
 */
export async function send(url: string, options: RequestOptions = {}, body?: string | Buffer): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const outgoing = request(url, { agent: false, ...options }, (response) => {
    buffer(response).then(
      (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
      reject,
    );
  });
  outgoing.once('error', reject);
  outgoing.end(body);
  return promise;
}

export const get = (url: string, headers: Record<string, string> = {}): Promise<RawAnswer> => send(url, { headers });

export const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  send(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, body);

/** Requests an upgrade to WebSocket. The status is 101 if the server accepts it. */
export async function upgrade(url: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const handshake = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'graphql-transport-ws',
  };
  const outgoing = request(url, { agent: false, headers: { ...handshake, ...headers } }, (response) => {
    buffer(response).then(
      (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      reject,
    );
  });
  outgoing.once('upgrade', (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.alloc(0) });
  });
  outgoing.once('error', reject);
  outgoing.end();
  return promise;
}
