import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { badResponse } from './failures.ts';
import { receivedBody } from './received-body.ts';
import type { Transport, TransportAnswer } from './transport.ts';

/** How long an agent may take to end a body whose last line has been read, in ms. */
const LEAVE_MS = 500;

/**
 * A connection for each attempt, never a pooled one. An agent works for seconds, so connecting costs nothing in
 * comparison, and a connection that the agent closed between two calls can neither burn an attempt nor have to be
 * repaired by sending the call twice. (The https one remembers TLS sessions, so that only the first handshake is full.)
 */
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false });

/**
 * The transport of the agents' client, on node:http: it has no limits of its own (Node's sets none but the operating
 * system's for connecting, about two minutes), so that the attempt's deadline is the one that decides.
 */
export const httpTransport: Transport = (call, signal) =>
  new Promise((resolve, reject) => {
    const url = new URL(call.url);
    const secure = url.protocol === 'https:';
    const request = (secure ? httpsRequest : httpRequest)(url, {
      agent: secure ? httpsAgent : httpAgent,
      method: call.method,
      headers: { ...call.headers, 'Content-Length': String(Buffer.byteLength(call.body ?? '')) },
    });
    const stop = () => request.destroy();
    signal.addEventListener('abort', stop, { once: true });
    // It stays for the request's whole life: an error without a listener would end the process.
    request.on('error', reject);
    request.on('response', (response) => {
      try {
        resolve(answer(response, stop));
      } catch (error) {
        reject(error);
      }
    });
    request.on('close', () => {
      signal.removeEventListener('abort', stop);
      // Last resort, when the connection ended with neither an answer nor an error; otherwise without effect.
      reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' }));
    });
    const send = () => {
      call.beforeSending?.();
      if (signal.aborted) stop();
      else request.end(call.body);
    };
    request.on('socket', (socket) => {
      if (signal.aborted) stop();
      else socket.once(secure ? 'secureConnect' : 'connect', send);
    });
  });

function answer(response: IncomingMessage, stop: () => void): TransportAnswer {
  const stream = decoded(response);
  const body = receivedBody(stream);
  return {
    status: response.statusCode ?? 0,
    header: (name) => {
      const value = response.headers[name.toLowerCase()];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body: stream === response ? body.chunks : decompressed(body.chunks, response),
    leave: () => {
      if (response.closed) return;
      const timer = setTimeout(stop, LEAVE_MS).unref();
      response.once('close', () => clearTimeout(timer));
      body.drop();
    },
  };
}

/** We ask for no compression, since it would hold back progress lines; an agent that compresses all the same is read. */
function decoded(response: IncomingMessage): Readable {
  const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return response;
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) {
    response.destroy();
    throw badResponse('the body is compressed in a way that was not asked for');
  }
  return pipeline(response, decoder, () => {});
}

const DECODERS: Record<string, () => ReturnType<typeof createGunzip | typeof createBrotliDecompress>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Tells the decoder's own errors from those that came down the connection. */
async function* decompressed(
  chunks: AsyncGenerator<Uint8Array>,
  response: IncomingMessage,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw response.errored === null ? badResponse('the body cannot be decompressed') : error;
  }
}
