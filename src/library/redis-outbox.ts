import { setImmediate } from 'node:timers';
import { Redis, type RedisOptions, ReplyError } from 'ioredis';
import { connectionOptions } from '../redis/connection-options.ts';
import { settlesWithin } from './callbacks.ts';

/** Lines kept while Redis is unavailable or slow. Beyond that the oldest are dropped. */
const MAX_KEPT_LINES = 10_000;
/** Their total size, in UTF-16 units. The newest line is kept whatever its size. */
const MAX_KEPT_UNITS = 32 * 1024 * 1024;
/** Lines sent and not yet confirmed. When a connection breaks, these may arrive twice. */
const MAX_IN_FLIGHT = 256;
/** How long `add` waits for the confirmation, in ms. It promises 10, but timers fire late on a busy machine. */
const SETTLE_MS = 2;
/** After this long without a confirmation it reconnects, in ms. Long, because reconnecting duplicates lines. */
const ANSWER_TIMEOUT_MS = 30_000;
/** How long closing waits for lines to be sent, and for the connection to end, in ms. */
const DRAIN_TIMEOUT_MS = 1_000;
const END_TIMEOUT_MS = 500;

const OPTIONS: RedisOptions = {
  retryStrategy: (tries) => Math.min(tries * 50, 1_000),
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Waiting lines are kept here, bounded and in order. (ioredis' socketTimeout is not used: its timer outlives the socket.)
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Redis accepts PUBLISH even while it loads its data.
  enableReadyCheck: false,
  disableClientInfo: true,
  disconnectTimeout: 200,
};

type Line = { channel: string; text: string; settle: () => void };

export type RedisOutbox = {
  /** Settles when Redis has received the line, and within 10 ms in any case. Never rejects. */
  add(channel: string, text: string): Promise<void>;
  /** Lines that reach no subscriber: dropped, refused by Redis, or not sent before the end. */
  dropped(): number;
  /** Waits up to a second for the kept lines to be sent, then closes the connection. Never rejects. */
  close(): Promise<void>;
};

/**
 * Publishes lines in the order in which they were added, over one connection that is opened in the background and
 * reopened whenever it breaks. Unconfirmed lines are then sent again, before all others.
 */
export function createRedisOutbox(url: string): RedisOutbox {
  const client = new Redis({ ...connectionOptions(url), ...OPTIONS });
  const waiting: Line[] = [];
  let inFlight: Line[] = [];
  let keptUnits = 0;
  let dropped = 0;
  let closed: Promise<void> | null = null;
  let onEmpty = () => {};
  const watchdog = setTimeout(() => inFlight.length > 0 && client.disconnect(true), ANSWER_TIMEOUT_MS).unref();

  // Outages are expected here, and ioredis prints errors that have no listener.
  client.on('error', () => {});
  client.on('ready', send);

  function send(): void {
    while (client.status === 'ready' && inFlight.length < MAX_IN_FLIGHT) {
      const line = waiting.shift();
      if (line === undefined) return;
      publish(line, inFlight);
    }
  }

  /** @param sent the lines of the same connection, in order. Redis answers in that order too. */
  function publish(line: Line, sent: Line[]): void {
    if (sent.length === 0) watchdog.refresh();
    sent.push(line);
    client.publish(line.channel, line.text).then(
      () => confirmed(sent),
      (error: unknown) => {
        // A line that Redis refuses (without permission, say) must not block those after it.
        if (error instanceof ReplyError) {
          dropped += 1;
          confirmed(sent);
        } else if (sent === inFlight) requeue();
      },
    );
  }

  function confirmed(sent: Line[]): void {
    release(sent.shift());
    watchdog.refresh();
    send();
    if (waiting.length + inFlight.length === 0) onEmpty();
  }

  /** The lines are sent again at `ready`. Sending them at once would loop while the connection is breaking. */
  function requeue(): void {
    waiting.unshift(...inFlight);
    inFlight = [];
    dropOldest();
  }

  function dropOldest(): void {
    const isOverLimit = () => waiting.length + inFlight.length > MAX_KEPT_LINES || keptUnits > MAX_KEPT_UNITS;
    while (waiting.length > 1 && isOverLimit()) {
      release(waiting.shift());
      dropped += 1;
    }
  }

  function release(line: Line | undefined): void {
    keptUnits -= line?.text.length ?? 0;
    line?.settle();
  }

  async function end(): Promise<void> {
    if (waiting.length + inFlight.length > 0) {
      await settlesWithin(new Promise<void>((resolve) => (onEmpty = resolve)), DRAIN_TIMEOUT_MS);
    }
    clearTimeout(watchdog);
    const ended = new Promise((resolve) => client.once('end', resolve));
    // Between two attempts there is no socket, so no `end` event would follow.
    const hasSocket = client.status !== 'reconnecting' && client.status !== 'end';
    client.disconnect();
    if (hasSocket) await settlesWithin(ended, END_TIMEOUT_MS);
    dropped += waiting.length + inFlight.length;
    for (const line of [...inFlight, ...waiting.splice(0)]) release(line);
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
      dropOldest();
      // Never in the same tick, so that a caller in a loop does not keep the connection from opening. (Node's own
      // setImmediate, which a user's fake timers do not replace.)
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
