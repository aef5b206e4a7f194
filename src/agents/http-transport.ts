import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { badResponse } from './failures.ts';
import type { Transport, TransportResponse } from './transport.ts';

/** How long an agent may take to end a body whose last line has been read, in ms. */
const LEAVE_TIMEOUT_MS = 500;

/**
 * One connection for each attempt, never a pooled one. An agent works for seconds, so connecting costs nothing in
 * comparison; and a pooled connection that the agent closed between two calls would fail the attempt, or have to be
 * repaired by sending the call twice. (The https agent keeps TLS sessions, so that only the first handshake is full.)
 */
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false });

/**
 * The client's transport, on node:http. It has no timeouts (Node sets none but the operating system's for connecting,
 * about two minutes), so that only the attempt's own applies.
 */
export const httpTransport: Transport = (call, signal) =>
  new Promise((resolve, reject) => {
    const url = new URL(call.url);
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      agent: isSecure ? httpsAgent : httpAgent,
      method: call.method,
      headers: { ...call.headers, 'Content-Length': String(Buffer.byteLength(call.body ?? '')) },
    });
    const stop = () => request.destroy();
    const detach = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });
    // Stays for the whole life of the request: an error without a listener would end the process.
    request.on('error', reject);
    request.on('response', (message) => {
      try {
        resolve(toResponse(message, { stop, detach }));
      } catch (error) {
        reject(error);
      }
    });
    request.on('close', () => {
      detach();
      // Has an effect only when the connection ended with neither a response nor an error.
      reject(Object.assign(new Error('closed without a response'), { code: 'ECONNRESET' }));
    });
    const send = () => {
      call.beforeSending?.();
      if (signal.aborted) stop();
      else request.end(call.body);
    };
    request.on('socket', (socket) => {
      if (signal.aborted) stop();
      else socket.once(isSecure ? 'secureConnect' : 'connect', send);
    });
  });

function toResponse(message: IncomingMessage, request: { stop(): void; detach(): void }): TransportResponse {
  const stream = decoded(message);
  const body = receivedBody(stream);
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name.toLowerCase()];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body: stream === message ? body.chunks : decompressed(body.chunks, message),
    leave: () => {
      request.detach();
      if (message.closed) return;
      const timer = setTimeout(request.stop, LEAVE_TIMEOUT_MS).unref();
      message.once('close', () => clearTimeout(timer));
      body.drop();
    },
  };
}

/** We ask for no compression, since it delays progress lines; a response that is compressed anyway is decompressed. */
function decoded(message: IncomingMessage): Readable {
  const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return message;
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) {
    message.destroy();
    throw badResponse('the response is compressed with an unsupported Content-Encoding');
  }
  return pipeline(message, decoder, () => {});
}

const DECODERS: Record<string, () => ReturnType<typeof createGunzip | typeof createBrotliDecompress>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Tells the decoder's own errors from those of the connection. */
async function* decompressed(chunks: AsyncGenerator<Uint8Array>, message: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw message.errored === null ? badResponse('the response body could not be decompressed') : error;
  }
}

/**
 * Reads a stream one chunk at a time. Unlike the stream's own iterator it still yields the chunks that had arrived when
 * the connection failed: they may contain log lines, or the result.
 */
function receivedBody(stream: Readable): { chunks: AsyncGenerator<Uint8Array>; drop(): void } {
  const queue: Uint8Array[] = [];
  let state: 'open' | 'ended' | Error = 'open';
  let isDropped = false;
  let wake = () => {};
  const settle = (found: 'ended' | Error) => {
    if (state === 'open') state = found;
    wake();
  };
  stream.on('data', (chunk: Uint8Array) => {
    if (isDropped) return;
    queue.push(chunk);
    stream.pause();
    wake();
  });
  stream.on('end', () => settle('ended'));
  stream.on('error', settle);
  stream.on('close', () => settle(Object.assign(new Error('closed too early'), { code: 'ECONNRESET' })));

  async function* chunks(): AsyncGenerator<Uint8Array> {
    while (true) {
      const chunk = queue.shift();
      if (chunk !== undefined) {
        yield chunk;
        continue;
      }
      if (state === 'ended') return;
      if (state !== 'open') throw state;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      stream.resume();
      await woken;
    }
  }

  return {
    chunks: chunks(),
    /** Discards the rest as it arrives. */
    drop() {
      isDropped = true;
      stream.resume();
    },
  };
}
