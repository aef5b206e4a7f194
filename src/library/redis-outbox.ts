import { setImmediate } from 'node:timers';
import { Redis, type RedisOptions, ReplyError } from 'ioredis';
import { settlesWithin } from './callbacks.ts';

/** Lines that are kept while Redis is away or slow; the oldest give way. */
const MAX_KEPT_LINES = 10_000;
/** And their size in all, in UTF-16 units; the newest line is kept whatever its size. */
const MAX_KEPT_UNITS = 32 * 1024 * 1024;
/** Lines sent and not yet confirmed: so many may arrive twice when a connection breaks. */
const MAX_IN_FLIGHT = 256;
/** How long `add` waits for the confirmation, in ms. contract/library.md allows 10, but timers of a busy machine fire late. */
const SETTLE_MS = 2;
/** A Redis that confirms nothing for so long is taken for dead, and connected to anew. Long, since it costs doubles. */
const ANSWER_MS = 30_000;
/** What closing waits for lines to go out, and for the connection to end, in ms. */
const DRAIN_MS = 1_000;
const END_MS = 500;

const OPTIONS: RedisOptions = {
  retryStrategy: (tries) => Math.min(tries * 50, 1_000),
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // What waits is kept here, where it is bounded and in order. (Not its socketTimeout: that timer outlives its socket.)
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // PUBLISH is taken at once, also while Redis loads its data.
  enableReadyCheck: false,
  disableClientInfo: true,
  disconnectTimeout: 200,
};

type Line = { channel: string; text: string; settle: () => void };

export type RedisOutbox = {
  /** Settles when Redis has the line, and within 10 ms whatever it does. Never rejects. */
  add(channel: string, text: string): Promise<void>;
  /** Lines that no subscriber will get: pushed out, refused by Redis, or left over at the end. */
  dropped(): number;
  /** Gives what is kept a second to go out, then lets go of the connection. Never rejects. */
  close(): Promise<void>;
};

/**
 * Publishes lines in the order of their adding, over one connection that is made in the background and made again for
 * as long as it takes. Lines that were on their way when a connection broke are sent again, in front of all others.
 */
export function createRedisOutbox(url: string): RedisOutbox {
  const client = new Redis(url, OPTIONS);
  const waiting: Line[] = [];
  let inFlight: Line[] = [];
  let keptUnits = 0;
  let dropped = 0;
  let closed: Promise<void> | null = null;
  let onEmpty = () => {};
  const watchdog = setTimeout(() => inFlight.length > 0 && client.disconnect(true), ANSWER_MS).unref();

  // Being away is what this is made for; ioredis prints errors that nobody listens to.
  client.on('error', () => {});
  client.on('ready', send);

  function send(): void {
    while (client.status === 'ready' && inFlight.length < MAX_IN_FLIGHT) {
      const line = waiting.shift();
      if (line === undefined) return;
      publish(line, inFlight);
    }
  }

  /** `sent`: the lines of the same connection, in order; Redis answers in that order too. */
  function publish(line: Line, sent: Line[]): void {
    if (sent.length === 0) watchdog.refresh();
    sent.push(line);
    client.publish(line.channel, line.text).then(
      () => confirmed(sent),
      (error: unknown) => {
        // A line that Redis will not have (no permission, say) must not stop those behind it.
        if (error instanceof ReplyError) {
          dropped += 1;
          confirmed(sent);
        } else if (sent === inFlight) takeBack();
      },
    );
  }

  function confirmed(sent: Line[]): void {
    forget(sent.shift());
    watchdog.refresh();
    send();
    if (waiting.length + inFlight.length === 0) onEmpty();
  }

  /** Sent again at `ready`: trying at once, while the connection falls apart, would go on for ever. */
  function takeBack(): void {
    waiting.unshift(...inFlight);
    inFlight = [];
    makeRoom();
  }

  function makeRoom(): void {
    const isTooMuch = () => waiting.length + inFlight.length > MAX_KEPT_LINES || keptUnits > MAX_KEPT_UNITS;
    while (waiting.length > 1 && isTooMuch()) {
      forget(waiting.shift());
      dropped += 1;
    }
  }

  function forget(line: Line | undefined): void {
    keptUnits -= line?.text.length ?? 0;
    line?.settle();
  }

  async function end(): Promise<void> {
    if (waiting.length + inFlight.length > 0) {
      await settlesWithin(new Promise<void>((resolve) => (onEmpty = resolve)), DRAIN_MS);
    }
    clearTimeout(watchdog);
    const ended = new Promise((resolve) => client.once('end', resolve));
    // Between two tries there is no socket whose end could be told of.
    const hasSocket = client.status !== 'reconnecting' && client.status !== 'end';
    client.disconnect();
    if (hasSocket) await settlesWithin(ended, END_MS);
    dropped += waiting.length + inFlight.length;
    for (const line of [...inFlight, ...waiting.splice(0)]) forget(line);
    inFlight = [];
  }

  return {
    async add(channel, text) {
      if (closed !== null) {
        dropped += 1;
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ channel, text, settle: resolve });
      keptUnits += text.length;
      send();
      makeRoom();
      // Not at once: a caller in a loop must leave the connection a chance to come back. (Node's own, so that a reader's
      // fake timers do not hold it up.)
      if (client.status === 'ready') await settlesWithin(promise, SETTLE_MS);
      else await new Promise(setImmediate);
    },
    dropped: () => dropped,
    close() {
      closed ??= end();
      return closed;
    },
  };
}
