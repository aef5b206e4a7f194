import { Redis, type RedisOptions } from 'ioredis';

/** Longest wait before the next try to reach Redis, in ms. */
const LONGEST_RECONNECT_WAIT_MS = 1_000;

const lasting: RedisOptions = {
  retryStrategy: (tries) => Math.min(tries * 50, LONGEST_RECONNECT_WAIT_MS),
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Without this handshake nothing of ours can be sent between "connected" and "ready", where it would be lost with
  // the connection.
  disableClientInfo: true,
};

/**
 * Connects in the background and for as long as the process lives: Redis need not be there yet, and may go and come.
 * @param onTrouble called once an outage, with its first error.
 */
export function openRedis(url: string, options: RedisOptions, onTrouble: (error: Error) => void): Redis {
  const client = new Redis(url, { ...lasting, ...options });
  reportOncePerOutage(client, onTrouble);
  return client;
}

/** Settles when the connection is closed; what was sent and not answered is given up. */
export async function disconnectRedis(client: Redis): Promise<void> {
  if (client.status === 'end') return;
  // Between two tries there is no socket whose end could be told of.
  if (client.status === 'reconnecting') return client.disconnect();
  // Not by events.once, which an error on the way would make fail.
  await new Promise<void>((ended) => {
    client.once('end', ended);
    client.disconnect();
  });
}

/** ioredis says so at every try, and an error that nobody listens to is printed. */
function reportOncePerOutage(client: Redis, onTrouble: (error: Error) => void): void {
  let isReported = false;
  client.on('error', (error: Error) => {
    if (!isReported) onTrouble(error);
    isReported = true;
  });
  client.on('ready', () => {
    isReported = false;
  });
}
