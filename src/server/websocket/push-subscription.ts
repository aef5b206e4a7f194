import type { PipeableIterator } from '../../orchestrator/ports/log.ts';
import type { BufferedSocket } from './buffered-socket.ts';
import type { PayloadOf } from './payload-cache.ts';

export type PushSubscriptionOptions = {
  /** The id of the operation in the protocol. */
  id: string;
  source: PipeableIterator<object>;
  payloadOf: PayloadOf;
  socket: BufferedSocket;
  /** Called once, however the subscription ends. */
  onEnd: () => void;
};

/**
 * A subscription that yields nothing to the protocol: it writes its `next` messages to the socket itself. The first
 * `next()` starts it, and settles when the source ends. `return()` ends it immediately.
 */
export type PushSubscription = AsyncIterableIterator<never, undefined>;

export function createPushSubscription(options: PushSubscriptionOptions): PushSubscription {
  const { id, source, payloadOf, socket, onEnd } = options;
  const head = messageHead(id);
  const ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  const done = { done: true, value: undefined } as const;
  let resume: (() => void) | null = null;
  let detach: (() => void) | null = null;
  /** A payload is being computed; the next event waits, so that messages stay in order. */
  let isBusy = false;
  let hasSourceEnded = false;
  let hasEnded = false;

  function finish(): void {
    if (hasEnded) return;
    hasEnded = true;
    detach?.();
    onEnd();
    ended.resolve(done);
  }

  function fail(error: unknown): void {
    if (hasEnded) return;
    ended.reject(error);
    finish();
    void source.return?.();
  }

  async function sendWhenSettled(payload: Promise<Buffer>): Promise<void> {
    isBusy = true;
    try {
      const body = await payload;
      if (hasEnded) return;
      socket.send({ head, body });
      isBusy = false;
      if (hasSourceEnded) finish();
      else resume?.();
    } catch (error) {
      fail(error);
    }
  }

  function write(event: object): void {
    try {
      const payload = payloadOf(event);
      if (payload instanceof Promise) void sendWhenSettled(payload);
      else socket.send({ head, body: payload });
    } catch (error) {
      fail(error);
    }
  }

  function start(): void {
    resume = () => undefined;
    const pipe = source.pipeTo({
      isReady: () => !isBusy && socket.isReady(),
      write,
      end() {
        hasSourceEnded = true;
        if (!isBusy) finish();
      },
    });
    resume = pipe.resume;
    if (!hasEnded) detach = socket.attach({ resume: pipe.resume, onClose: () => void subscription.return?.() });
  }

  const subscription: PushSubscription = {
    [Symbol.asyncIterator]: () => subscription,
    next() {
      if (resume === null && !hasEnded) start();
      return ended.promise;
    },
    async return() {
      finish();
      await source.return?.();
      return done;
    },
  };
  return subscription;
}

/** Copied out of Node's buffer pool: a small slice would keep its whole pool in memory while the subscription lasts. */
function messageHead(id: string): Uint8Array {
  return Uint8Array.from(Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`));
}
