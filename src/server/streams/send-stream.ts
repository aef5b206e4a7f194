import type { ServerResponse } from 'node:http';
import { cutResponse } from './cut-response.ts';

/**
 * Writes a source to a response, and reads the next item only when the client has taken the previous ones. So no more
 * than one socket buffer waits for a slow client, however long the source is.
 * @param stallTimeoutMs a client that takes nothing for this long is disconnected, in ms
 * @returns whether the source ended while the response was still open
 */
export async function sendStream<T>(
  res: ServerResponse,
  source: AsyncIterable<T>,
  encode: (item: T) => Buffer,
  stallTimeoutMs: number,
): Promise<boolean> {
  for await (const item of source) {
    if (!isOpen(res)) return false;
    if (!res.write(encode(item))) await drained(res, stallTimeoutMs);
  }
  return isOpen(res);
}

const isOpen = (res: ServerResponse) => !res.destroyed && !res.writableEnded;

/** Settles when the buffer is empty or the response is closed. */
async function drained(res: ServerResponse, stallTimeoutMs: number): Promise<void> {
  if (!isOpen(res)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => cutResponse(res), stallTimeoutMs);
  res.once('drain', resolve);
  res.once('close', resolve);
  await promise;
  clearTimeout(timer);
  res.off('drain', resolve);
  res.off('close', resolve);
}
