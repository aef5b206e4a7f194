import { setImmediate as nextTick } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { disconnectRedis, openRedis } from './open-redis.ts';

/** Two connections, because a connection that subscribes can do nothing else. */
export type PubSubConnections = {
  publisher: Redis;
  subscriber: Redis;
};

/** A publisher that gets no answer for this long counts as dead and reconnects. */
const ANSWER_TIMEOUT_MS = 2_000;

/** @param onError called with the first error of an outage of each connection, and with refused subscriptions */
export function openPubSubConnections(url: string, onError: (error: Error) => void): PubSubConnections {
  const publisher = openRedis(
    url,
    {
      // What cannot be sent now is dropped, so that old messages do not arrive in a burst after an outage.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // A workflow publishes hundreds of lines, many at once. Without this each is a separate socket write.
      enableAutoPipelining: true,
      socketTimeout: ANSWER_TIMEOUT_MS,
    },
    onError,
  );
  const subscriber = openRedis(
    url,
    {
      maxRetriesPerRequest: null,
      // The ready check sends INFO, which a connection refuses after SUBSCRIBE.
      enableReadyCheck: false,
    },
    onError,
  );
  handleResubscriptions(subscriber, onError);
  return { publisher, subscriber };
}

/** Settles when both connections are closed: within 2 s, even if Redis is unavailable or does not answer. */
export async function closePubSubConnections({ publisher, subscriber }: PubSubConnections): Promise<void> {
  await Promise.all([quit(publisher), disconnectRedis(subscriber)]);
}

async function quit(client: Redis): Promise<void> {
  // Auto-pipelined commands are sent at the end of the tick.
  await nextTick();
  // Redis answers in order, so after this everything published before has been sent.
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  await disconnectRedis(client);
}

/**
 * After a reconnection ioredis resubscribes by itself and drops the promises of those commands. If one fails because the
 * connection is being closed, the unhandled rejection would end the process.
 */
function handleResubscriptions(client: Redis, onRefused: (error: Error) => void): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    command.promise.catch((error: Error) => {
      // A wrong password is reported by the connection.
      const isRefused = error.name === 'ReplyError' && !error.message.startsWith('NOAUTH');
      if (isRefused && command.name === 'subscribe') onRefused(error);
    });
    return send(command, stream);
  };
}
