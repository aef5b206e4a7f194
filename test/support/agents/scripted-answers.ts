import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes an answer, or something that is none. What it throws (the client went away) is ignored. */
export type Answer = (response: ServerResponse) => void | Promise<void>;

export type Head = { status?: number; headers?: Record<string, string | string[]> };

/** A JSON body, with 200 unless told. */
export function json(body: unknown, { status = 200, headers = {} }: Head = {}): Answer {
  return text(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Any bytes, as they are; text/plain unless told. */
export function text(body: string | Uint8Array, { status = 200, headers = {} }: Head = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'text/plain', ...headers });
    response.end(body);
  };
}

/**
 * A stream of NDJSON, each part written by itself: an object as a line, a string or bytes as they are (with no newline
 * added). A promise is waited for, and what it settles with is not written: that is how a test holds the stream.
 */
export function stream(
  parts: Iterable<unknown> | AsyncIterable<unknown>,
  { status = 200, headers = {}, end = true }: Head & { end?: boolean } = {},
): Answer {
  return async (response) => {
    response.writeHead(status, { 'Content-Type': 'application/x-ndjson', ...headers });
    response.flushHeaders();
    const closed = once(response, 'close').catch(() => {});
    for await (const part of held(parts)) {
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

/** Promises more than it sends, then closes. */
export function cutShort(beginning = '{"story":"The la', { status = 200, headers = {} }: Head = {}): Answer {
  return (response) => {
    const length = String(Buffer.byteLength(beginning) + 100);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers });
    response.write(beginning, () => response.socket?.end());
  };
}

/** Bytes that are not HTTP. */
export function garbage(bytes: string | Uint8Array = 'SSH-2.0-OpenSSH_9.9\r\n'): Answer {
  return (response) => {
    response.socket?.end(bytes);
  };
}

export function redirect(location: string, status = 302): Answer {
  return text('', { status, headers: { Location: location } });
}

/** A JSON object of exactly so many bytes: `field` is padded with the letter x. */
export function sized(bytes: number, field = 'story', head: Head = {}): Answer {
  const empty = JSON.stringify({ [field]: '' }).length;
  return json({ [field]: 'x'.repeat(bytes - empty) }, head);
}

async function* held(parts: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<unknown> {
  if (Symbol.asyncIterator in parts) return yield* parts;
  for (const part of parts) {
    if (part instanceof Promise) await part;
    else yield part;
  }
}
