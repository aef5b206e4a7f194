import type { ServerResponse } from 'node:http';
import { cutResponse } from './cut-response.ts';
import { atExpiry } from './expiry-timer.ts';
import type { GuardedStream } from './guard-stream.ts';

/** The streams in progress, so that they can be ended when the server closes. */
export type OpenStreams = {
  /**
   * Closes the stream when its response closes, and ends the response when the caller's token expires.
   * @param expiresAtMs of the token, in ms since the epoch
   */
  add(res: ServerResponse, stream: GuardedStream<unknown>, expiresAtMs?: number): void;
  /** Remembers a download, which must not be ended before it is whole. */
  addDownload(res: ServerResponse): void;
  /**
   * Ends every event stream, and those that are added later. No `complete` event is sent, so that clients (EventSource,
   * graphql-sse) treat it as a lost connection and reconnect.
   */
  endAll(): void;
  /** How many event streams are open. */
  count(): number;
  /** Cuts the downloads in progress. */
  cutDownloads(): void;
};

export function createOpenStreams(): OpenStreams {
  const responses = new Set<ServerResponse>();
  const downloads = new Set<ServerResponse>();
  let isEnded = false;
  return {
    add(res, stream, expiresAtMs) {
      let cancelExpiry = () => {};
      const close = () => {
        cancelExpiry();
        responses.delete(res);
        void stream.return();
      };
      // The client may have left while the subscription was created.
      onceClosed(res, close);
      if (isClosed(res)) return;
      responses.add(res);
      if (expiresAtMs !== undefined) cancelExpiry = atExpiry(expiresAtMs, () => res.end());
      if (isEnded) res.destroy();
    },
    addDownload(res) {
      downloads.add(res);
      onceClosed(res, () => downloads.delete(res));
    },
    count: () => responses.size,
    endAll() {
      isEnded = true;
      for (const res of responses) res.end();
    },
    cutDownloads() {
      for (const res of downloads) cutResponse(res);
    },
  };
}

/** Calls `action` when the response closes; immediately if it is closed already. */
export function onceClosed(res: ServerResponse, action: () => void): void {
  if (isClosed(res)) action();
  else res.once('close', action);
}

const isClosed = (res: ServerResponse): boolean => res.closed || res.destroyed;
