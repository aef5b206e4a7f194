import { Redis, type RedisOptions } from 'ioredis';
import { connectionOptions } from './connection-options.ts';
import { mayReconnectingHelp } from './redis-problem.ts';

/** Waits between attempts to connect, in ms. */
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_CONNECTION_MS = 5_000;

const PERSISTENT: RedisOptions = {
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // By default it looks again only when Redis expects to be ready, which may be long after it is.
  maxLoadingRetryTime: 1_000,
  reconnectOnError: mayReconnectingHelp,
  // Without this handshake no command is sent between "connected" and "ready", where it could be lost.
  disableClientInfo: true,
};

/**
 * Connects in the background, and reconnects until it is closed. Redis need not be available yet.
 * @param onConnectionError called once per outage, with its first error
 */
export function openRedis(url: string, options: RedisOptions, onConnectionError: (error: Error) => void): Redis {
  const client = new Redis({ ...connectionOptions(url), ...PERSISTENT, retryStrategy: createBackoff(), ...options });
  reportOncePerOutage(client, onConnectionError);
  return client;
}

/**
 * Waits that grow with each attempt. Not by the number of attempts that ioredis counts: it begins again at each
 * connection, even at one that Redis then refuses.
 */
function createBackoff(): () => number {
  let delayMs = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    delayMs = now - lastAt > GOOD_CONNECTION_MS ? FIRST_DELAY_MS : Math.min(delayMs * 2, MAX_DELAY_MS);
    lastAt = now;
    return delayMs;
  };
}

/** Settles when the connection is closed. Commands without an answer are abandoned. */
export async function disconnectRedis(client: Redis): Promise<void> {
  if (client.status === 'end') return;
  // Between two attempts there is no socket, so no `end` event would follow.
  if (client.status === 'reconnecting') return client.disconnect();
  // Not events.once, which rejects if an error comes first.
  await new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.disconnect();
  });
}

/** ioredis emits an error for every attempt, and prints errors that have no listener. */
function reportOncePerOutage(client: Redis, onConnectionError: (error: Error) => void): void {
  let isReported = false;
  client.on('error', (error: Error) => {
    if (!isReported) onConnectionError(error);
    isReported = true;
  });
  client.on('ready', () => {
    isReported = false;
  });
}
