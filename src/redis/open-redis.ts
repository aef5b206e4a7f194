import { Redis, type RedisOptions } from 'ioredis';

/** Longest wait between two attempts to connect, in ms. */
const MAX_RECONNECT_DELAY_MS = 1_000;

const PERSISTENT: RedisOptions = {
  retryStrategy: (attempt) => Math.min(attempt * 50, MAX_RECONNECT_DELAY_MS),
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Without this handshake no command is sent between "connected" and "ready", where it could be lost.
  disableClientInfo: true,
};

/**
 * Connects in the background, and reconnects until it is closed. Redis need not be available yet.
 * @param onConnectionError called once per outage, with its first error
 */
export function openRedis(url: string, options: RedisOptions, onConnectionError: (error: Error) => void): Redis {
  const client = new Redis(url, { ...PERSISTENT, ...options });
  reportOncePerOutage(client, onConnectionError);
  return client;
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
