import type { ServerResponse } from 'node:http';
import { whenDue } from '../at-expiry.ts';
import type { GuardedStream } from './guard-stream.ts';

/** The SSE responses under way, so that they can be ended when the server closes. */
export type OpenStreams = {
  /**
   * From now on the stream is closed when its response is, however that ends; the response is ended, as by `endAll`,
   * when its caller's token has.
   */
  add(res: ServerResponse, stream: GuardedStream<unknown>, endsAtMs?: number): void;
  /**
   * Ends every response, and each that is added later. Without a `complete` event, so that clients (EventSource,
   * graphql-sse) take it for a lost connection and come back.
   */
  endAll(): void;
};

const isGone = (res: ServerResponse): boolean => res.closed || res.destroyed;

/** At once where it is closed already. */
export function onceClosed(res: ServerResponse, action: () => void): void {
  if (isGone(res)) action();
  else res.once('close', action);
}

export function createOpenStreams(): OpenStreams {
  const responses = new Set<ServerResponse>();
  let ended = false;
  return {
    add(res, stream, endsAtMs) {
      let callOff = () => {};
      const close = () => {
        callOff();
        responses.delete(res);
        void stream.return();
      };
      // The client may have left while the subscription was being made; nobody would ever read it then.
      onceClosed(res, close);
      if (isGone(res)) return;
      responses.add(res);
      if (endsAtMs !== undefined) callOff = whenDue(endsAtMs, () => res.end());
      if (ended) res.destroy();
    },
    endAll() {
      ended = true;
      for (const res of responses) res.end();
    },
  };
}
