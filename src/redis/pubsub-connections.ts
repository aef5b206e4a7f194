import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { disconnectRedis, openRedis } from './connection.ts';

/** Two connections, since one that subscribes can do nothing else. */
export type PubSubConnections = {
  publisher: Redis;
  subscriber: Redis;
};

/** A publisher that gets no answer for so long is taken for dead and connects anew. */
const ANSWER_TIMEOUT_MS = 2_000;

/** @param onTrouble called once an outage and connection, with the first error. */
export function openPubSubConnections(url: string, onTrouble: (error: Error) => void): PubSubConnections {
  const publisher = openRedis(
    url,
    {
      // What cannot be sent now is dropped: nobody wants old messages in a burst when Redis is back.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // A workflow publishes some hundred lines, many at once: each would be a write to the socket of its own.
      enableAutoPipelining: true,
      socketTimeout: ANSWER_TIMEOUT_MS,
    },
    onTrouble,
  );
  const subscriber = openRedis(
    url,
    {
      maxRetriesPerRequest: null,
      // The check is an INFO, which a connection refuses once a SUBSCRIBE has gone before.
      enableReadyCheck: false,
    },
    onTrouble,
  );
  forgiveOwnCommands(subscriber);
  return { publisher, subscriber };
}

/** Settles when both connections are closed; a Redis that is away or does not answer holds it up for 2 s at most. */
export async function closePubSubConnections({ publisher, subscriber }: PubSubConnections): Promise<void> {
  await Promise.all([quit(publisher), disconnectRedis(subscriber)]);
}

async function quit(client: Redis): Promise<void> {
  // What is piped together is sent at the end of the turn.
  await nextTurn();
  // Answered after what was sent before it, so what was published is out.
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  await disconnectRedis(client);
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
