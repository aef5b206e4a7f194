import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { parseExactly } from '../orchestrator/domain/exact-json.ts';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { closePubSubConnections, type PubSubConnections } from '../redis/pubsub-connections.ts';

/**
 * Pub/sub over Redis with graphql-redis-subscriptions, of which only `publish`, `subscribe(trigger, handler)` and
 * `unsubscribe` are used. Its iterators subscribe late, queue without bound and can leak. The package also drops
 * messages that arrive in the same packet as the answer to SUBSCRIBE, and does not report a lost connection. So
 * subscribers read Postgres once after `subscribe` has settled, and after each `onReconnect`.
 * @param connections owned from now on: `close` closes them
 * @param onRefused called with each command that Redis refuses, such as a SUBSCRIBE without permission. That
 *   subscription stays pending.
 */
export function createRedisPubSub(connections: PubSubConnections, onRefused: (error: Error) => void): PubSub {
  const { publisher, subscriber } = connections;
  const listeners: (() => void)[] = [];
  let isClosing = false;
  const reportRefusal = (error: Error) => {
    // A password that is refused is reported by the connection.
    if (!isClosing && error.name === 'ReplyError' && !error.message.startsWith('NOAUTH')) onRefused(error);
  };
  /** Also those that Redis refused or that are not accepted yet: a new connection may succeed. */
  const channels = new Set<string>();
  const library = new RedisPubSub({
    publisher,
    subscriber: catchRejections(subscriber, channels, reportRefusal),
    deserializer: (message) => parseExactly(String(message)),
  });

  // The answers prove the subscriptions accepted. One command each, because one refused channel refuses a whole command.
  subscriber.on('ready', () => {
    const accepted = [...channels].map((channel) => subscriber.subscribe(channel));
    Promise.all([...accepted, subscriber.ping()]).then(
      () => {
        for (const listener of listeners) listener();
      },
      // If the connection was lost again, another `ready` will follow.
      reportRefusal,
    );
  });

  return {
    publish(channel, message) {
      // Without this check ioredis would create an error with a stack for every line of an outage.
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
 * The subscriber as graphql-redis-subscriptions may see it. The package ignores the promise of UNSUBSCRIBE, and rejects
 * one that nobody can catch when SUBSCRIBE fails, so either failing (when the connection is closed, say) would end the
 * process. Here a failure is reported instead, and the package never learns of it.
 *
 * Precondition: the package calls nothing but `on`, `subscribe(channel, callback)`, `unsubscribe(channel)` and, after
 * each UNSUBSCRIBE, `punsubscribe(channel)`, which is skipped because no patterns are used.
 */
function catchRejections(subscriber: Redis, channels: Set<string>, onFailure: (error: Error) => void): Redis {
  const replaced: Record<PropertyKey, unknown> = {
    subscribe: (channel: string, callback: () => void) => {
      channels.add(channel);
      subscriber.subscribe(channel).then(() => callback(), onFailure);
    },
    unsubscribe: (channel: string) => {
      channels.delete(channel);
      subscriber.unsubscribe(channel).catch(onFailure);
    },
    punsubscribe: () => undefined,
  };
  return new Proxy(subscriber, { get: (client, name) => replaced[name] ?? Reflect.get(client, name) });
}
