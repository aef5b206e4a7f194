import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes an answer, possibly an invalid one. Its errors are ignored, for instance when the client has disconnected. */
export type Answer = (response: ServerResponse) => void | Promise<void>;

export type Head = { status?: number; headers?: Record<string, string | string[]> };

/** A JSON body, by default with status 200. */
export function json(body: unknown, { status = 200, headers = {} }: Head = {}): Answer {
  return text(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Any bytes, unchanged, by default as text/plain. */
export function text(body: string | Uint8Array, { status = 200, headers = {} }: Head = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'text/plain', ...headers });
    response.end(body);
  };
}

/**
 * A stream of NDJSON. Each part is one write: an object becomes a line; a string or bytes are written unchanged, without
 * a newline. A promise is awaited and writes nothing, so a test can pause the stream with it.
 */
export function stream(
  parts: Iterable<unknown> | AsyncIterable<unknown>,
  { status = 200, headers = {}, end = true }: Head & { end?: boolean } = {},
): Answer {
  return async (response) => {
    response.writeHead(status, { 'Content-Type': 'application/x-ndjson', ...headers });
    response.flushHeaders();
    const closed = once(response, 'close').catch(() => {});
    for await (const part of awaitPromises(parts)) {
      if (response.destroyed) return;
      const raw = typeof part === 'string' || part instanceof Uint8Array;
      const flushed = response.write(raw ? part : `${JSON.stringify(part)}\n`);
      if (!flushed) await Promise.race([once(response, 'drain'), closed]);
    }
    if (end) response.end();
  };
}

/** As `answer`, but not before the promise settles. */
export function after(gate: Promise<unknown>, answer: Answer): Answer {
  return async (response) => {
    await gate;
    await answer(response);
  };
}

/** Never answers. */
export function hang(): Answer {
  return () => {};
}

/** Sends the head of an answer and the beginning of a body, and nothing more. */
export function hangInBody(beginning = '{"story":', head: Head = {}): Answer {
  return (response) => {
    response.writeHead(head.status ?? 200, { 'Content-Type': 'application/json', ...head.headers });
    response.write(beginning);
  };
}

/** Resets the connection instead of answering. */
export function reset(): Answer {
  return (response) => {
    response.socket?.resetAndDestroy();
  };
}

/** Sends less than its Content-Length, then closes the connection. */
export function cutShort(beginning = '{"story":"The la', { status = 200, headers = {} }: Head = {}): Answer {
  return (response) => {
    const length = String(Buffer.byteLength(beginning) + 100);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers });
    response.write(beginning, () => response.socket?.end());
  };
}

/** Sends bytes that are not HTTP. */
export function garbage(bytes: string | Uint8Array = 'SSH-2.0-OpenSSH_9.9\r\n'): Answer {
  return (response) => {
    response.socket?.end(bytes);
  };
}

export function redirect(location: string, status = 302): Answer {
  return text('', { status, headers: { Location: location } });
}

/** A JSON object of exactly this many bytes: `field` is padded with the letter x. */
export function sized(bytes: number, field = 'story', head: Head = {}): Answer {
  const empty = JSON.stringify({ [field]: '' }).length;
  return json({ [field]: 'x'.repeat(bytes - empty) }, head);
}

async function* awaitPromises(parts: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<unknown> {
  if (Symbol.asyncIterator in parts) return yield* parts;
  for (const part of parts) {
    if (part instanceof Promise) await part;
    else yield part;
  }
}
