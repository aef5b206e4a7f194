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

/** @param onError called once per outage for each of the two connections, with its first error */
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
      // After a refusal ioredis would forget the channels. createRedisPubSub resubscribes.
      autoResubscribe: false,
    },
    onError,
  );
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
