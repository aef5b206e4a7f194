import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { closePubSubConnections, type PubSubConnections } from '../redis/pubsub-connections.ts';
import type { PubSub } from './pubsub.ts';

/**
 * Pub/sub over Redis, by graphql-redis-subscriptions. Of it only `publish` and `subscribe(trigger, handler)` are used:
 * its iterators subscribe late, queue without bound and can leak. It also drops messages that arrive in the same
 * packet as the answer to SUBSCRIBE, and nobody is told what a lost connection cost; so a subscriber reads Postgres
 * once after `subscribe` has settled, and at each `onReconnect`.
 * @param connections owned from now on: `close` closes them.
 * @param onTrouble called with what Redis refused (a SUBSCRIBE, for lack of a permission). That subscription stays
 * without messages.
 */
export function createRedisPubSub(connections: PubSubConnections, onTrouble: (error: Error) => void): PubSub {
  const { publisher, subscriber } = connections;
  const listeners: (() => void)[] = [];
  let isClosing = false;
  const refused = (error: Error) => {
    if (!isClosing) onTrouble(error);
  };
  const library = new RedisPubSub({ publisher, subscriber: withoutLooseEnds(subscriber, refused) });

  // At `ready` ioredis has already sent SUBSCRIBE for all channels; the answer to a PING after it proves them accepted.
  subscriber.on('ready', () => {
    subscriber.ping().then(
      () => {
        for (const listener of listeners) listener();
      },
      // The connection was lost again; there is another `ready` to come.
      () => undefined,
    );
  });

  return {
    publish(channel, message) {
      // The client would refuse it, at the price of an error with its stack for every line of an outage.
      if (publisher.status === 'ready') void library.publish(channel, message).catch(() => undefined);
    },
    async subscribe(channel, handler) {
      const id = await library.subscribe(channel, handler);
      return () => library.unsubscribe(id);
    },
    onReconnect: (listener) => void listeners.push(listener),
    async close() {
      isClosing = true;
      await closePubSubConnections(connections);
    },
  };
}

/**
 * The part of a client that the library uses. It keeps no promise of these commands, or one that nobody can catch, so
 * that any of them failing (a connection closed for good) would end the process.
 */
function withoutLooseEnds(subscriber: Redis, refused: (error: Error) => void): Redis {
  const used = {
    on: subscriber.on.bind(subscriber),
    subscribe: (channel: string, done: (error?: Error) => void) =>
      void subscriber.subscribe(channel).then(() => done(), refused),
    unsubscribe: (channel: string) => void subscriber.unsubscribe(channel).catch(refused),
    // It sends one after each UNSUBSCRIBE; there are no patterns.
    punsubscribe: () => undefined,
  };
  return used as unknown as Redis;
}
