import { Redis, type RedisOptions } from 'ioredis';

/** Two connections, since one that subscribes can do nothing else. */
export type RedisConnections = {
  publisher: Redis;
  subscriber: Redis;
};

/** Longest wait before the next try to reach Redis, in ms. */
const LONGEST_RECONNECT_WAIT_MS = 1_000;
/** A publisher that gets no answer for so long is taken for dead and connects anew. */
const ANSWER_TIMEOUT_MS = 2_000;

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
export function connectRedis(url: string, onTrouble: (error: Error) => void): RedisConnections {
  const publisher = new Redis(url, {
    ...lasting,
    // What cannot be sent now is dropped: nobody wants old messages in a burst when Redis is back.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: ANSWER_TIMEOUT_MS,
  });
  const subscriber = new Redis(url, {
    ...lasting,
    maxRetriesPerRequest: null,
    // The check is an INFO, which a connection refuses once a SUBSCRIBE has gone before.
    enableReadyCheck: false,
  });
  forgiveOwnCommands(subscriber);
  for (const client of [publisher, subscriber]) reportOncePerOutage(client, onTrouble);
  return { publisher, subscriber };
}

/** Settles when both connections are closed; a Redis that is away or does not answer holds it up for 2 s at most. */
export async function closeRedis({ publisher, subscriber }: RedisConnections): Promise<void> {
  await Promise.all([quit(publisher), disconnect(subscriber)]);
}

async function quit(client: Redis): Promise<void> {
  // Answered after what was sent before it, so what was published is out.
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  await disconnect(client);
}

async function disconnect(client: Redis): Promise<void> {
  if (client.status === 'end') return;
  // Between two tries there is no socket whose end could be told of.
  if (client.status === 'reconnecting') return client.disconnect();
  // Not by events.once, which an error on the way would make fail.
  await new Promise<void>((ended) => {
    client.once('end', ended);
    client.disconnect();
  });
}

/**
 * ioredis subscribes again by itself after a reconnection, and keeps no hold of that promise: were it to fail because
 * we close just then, an unhandled rejection would end the process.
 */
function forgiveOwnCommands(client: Redis): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    command.promise.catch(() => undefined);
    return send(command, stream);
  };
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
