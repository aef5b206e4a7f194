import type { PipeableIterator } from '../../orchestrator/ports/log.ts';
import type { Outlet } from './buffered-socket.ts';
import type { EventText } from './payload-cache.ts';

// In memory of its own: a small buffer out of Node's pool would keep the whole of it for as long as there is a watcher.
const NEXT_HEAD = (id: string) => Uint8Array.from(Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`));

export type ParkedStreamOptions = {
  id: string;
  source: PipeableIterator<object>;
  textOf: EventText;
  outlet: Outlet;
  /** Called once, whichever way it ends. */
  onEnd: () => void;
};

/**
 * Stands for a subscription in the protocol, without a result: `next()` sets the source going, straight into the
 * socket as `next` messages for this id, and settles when it ends. `return()` ends it at once.
 */
export function createParkedStream(options: ParkedStreamOptions): AsyncIterableIterator<never> {
  const { id, source, textOf, outlet, onEnd } = options;
  const head = NEXT_HEAD(id);
  const ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  const done = { done: true, value: undefined } as const;
  let resume: (() => void) | null = null;
  let leaveOutlet: (() => void) | null = null;
  /** An event's text is being worked out; the next event waits, so that they stay in order. */
  let isBusy = false;
  let isSourceOver = false;
  let isOver = false;

  function finish(): void {
    if (isOver) return;
    isOver = true;
    leaveOutlet?.();
    onEnd();
    ended.resolve(done);
  }

  function fail(error: unknown): void {
    if (isOver) return;
    ended.reject(error);
    finish();
    void source.return?.();
  }

  async function sendLater(text: Promise<Buffer>): Promise<void> {
    isBusy = true;
    try {
      const settled = await text;
      if (isOver) return;
      outlet.send({ head, body: settled });
      isBusy = false;
      if (isSourceOver) finish();
      else resume?.();
    } catch (error) {
      fail(error);
    }
  }

  function take(event: object): void {
    try {
      const text = textOf(event);
      if (text instanceof Promise) void sendLater(text);
      else outlet.send({ head, body: text });
    } catch (error) {
      fail(error);
    }
  }

  function start(): void {
    resume = () => undefined;
    const flow = source.pipeTo({
      isReady: () => !isBusy && outlet.isReady(),
      write: take,
      end() {
        isSourceOver = true;
        if (!isBusy) finish();
      },
    });
    resume = flow.resume;
    if (!isOver) leaveOutlet = outlet.attach({ resume: flow.resume, end: () => void stream.return?.() });
  }

  const stream: AsyncIterableIterator<never> = {
    [Symbol.asyncIterator]: () => stream,
    next() {
      if (resume === null && !isOver) start();
      return ended.promise;
    },
    async return() {
      finish();
      await source.return?.();
      return done;
    },
  };
  return stream;
}
