import type { ServerResponse } from 'node:http';

/**
 * Writes what a source gives, and asks it for more only while the client takes what was written: what waits for a slow
 * one is a socket's buffer, no matter how much there is.
 * @param stuckMs a client that takes nothing for so long is cut, in ms
 * @returns whether the source came to its end while the response was still open
 */
export async function sendStream<T>(
  res: ServerResponse,
  source: AsyncIterable<T>,
  bytesOf: (item: T) => Buffer,
  stuckMs: number,
): Promise<boolean> {
  for await (const item of source) {
    if (!isOpen(res)) return false;
    if (!res.write(bytesOf(item))) await drained(res, stuckMs);
  }
  return isOpen(res);
}

const isOpen = (res: ServerResponse) => !res.destroyed && !res.writableEnded;

/** Settles when there is room again, or nobody to write to any more. */
async function drained(res: ServerResponse, stuckMs: number): Promise<void> {
  if (!isOpen(res)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cut = setTimeout(() => res.destroy(), stuckMs);
  res.once('drain', resolve);
  res.once('close', resolve);
  await promise;
  clearTimeout(cut);
  res.off('drain', resolve);
  res.off('close', resolve);
}
