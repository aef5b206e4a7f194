import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { decodedBody } from './content-coding.ts';
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
    request.on('response', (message) => resolve(toResponse(message, leave)));
    const leave = () => {
      detach();
      const timer = setTimeout(stop, LEAVE_TIMEOUT_MS).unref();
      request.once('close', () => clearTimeout(timer));
    };
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
      ignoreWriteErrors(socket);
      if (signal.aborted) stop();
      else socket.once(isSecure ? 'secureConnect' : 'connect', send);
    });
  });

/**
 * An agent may respond and close the connection before it has read the whole request. The next write then fails, and a
 * socket destroys itself on that, with the response still unread. So writing never fails here: what cannot be written is
 * dropped, and reading finds out how the connection ended.
 */
function ignoreWriteErrors(socket: Writable): void {
  const { _write, _writev } = socket;
  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, () => done());
  if (_writev !== undefined) socket._writev = (chunks, done) => _writev.call(socket, chunks, () => done());
}

function toResponse(message: IncomingMessage, leaveRequest: () => void): TransportResponse {
  const body = receivedBody(message);
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name.toLowerCase()];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
    body: decodedBody(body.chunks, message.headers['content-encoding'] ?? null),
    leave: () => {
      leaveRequest();
      body.drop();
    },
  };
}

/** A body is read ahead by this many bytes. */
const READ_AHEAD_BYTES = 64 * 1024;

/**
 * Reads a stream chunk by chunk. Unlike the stream's own iterator it still yields the chunks that had arrived when the
 * connection failed: they may contain log lines, the result, or why the agent refuses.
 */
function receivedBody(stream: Readable): { chunks: AsyncGenerator<Uint8Array>; drop(): void } {
  const queue: Uint8Array[] = [];
  let queued = 0;
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
    queued += chunk.length;
    if (queued >= READ_AHEAD_BYTES) stream.pause();
    wake();
  });
  stream.on('end', () => settle('ended'));
  stream.on('error', settle);
  stream.on('close', () => settle(Object.assign(new Error('closed too early'), { code: 'ECONNRESET' })));

  async function* chunks(): AsyncGenerator<Uint8Array> {
    while (true) {
      const chunk = queue.shift();
      if (chunk !== undefined) {
        queued -= chunk.length;
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
