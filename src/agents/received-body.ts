import type { Readable } from 'node:stream';

export type ReceivedBody = {
  /** What came, in order; after the last chunk it ends, or fails as the stream did. */
  chunks: AsyncGenerator<Uint8Array>;
  /** Lets the rest come and go unread. */
  drop: () => void;
};

/**
 * Reads a stream a chunk at a time. Unlike the stream's own iterator it still hands on the chunks that had arrived when
 * the connection failed: they may hold log lines, or the result.
 */
export function receivedBody(stream: Readable): ReceivedBody {
  const queue: Uint8Array[] = [];
  let outcome: 'open' | 'ended' | Error = 'open';
  let dropped = false;
  let wake = () => {};
  const settle = (found: 'ended' | Error) => {
    if (outcome === 'open') outcome = found;
    wake();
  };
  stream.on('data', (chunk: Uint8Array) => {
    if (dropped) return;
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
      if (outcome === 'ended') return;
      if (outcome !== 'open') throw outcome;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      stream.resume();
      await woken;
    }
  }
  const drop = () => {
    dropped = true;
    stream.resume();
  };
  return { chunks: chunks(), drop };
}
