import { PubSub as Emitter } from 'graphql-subscriptions';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';

/** Pub/sub within one process, without Redis. Messages are handled before `publish` returns; none is ever lost. */
export function createInProcessPubSub(): PubSub {
  const emitter = new Emitter<Record<string, unknown>>();
  const subscriptions = new Set<number>();

  return {
    publish: (channel, message) => void emitter.publish(channel, message),
    async subscribe(channel, handler) {
      const id = await emitter.subscribe(channel, handler);
      subscriptions.add(id);
      return () => {
        if (subscriptions.delete(id)) emitter.unsubscribe(id);
      };
    },
    onReconnect: () => undefined,
    async close() {
      for (const id of subscriptions) emitter.unsubscribe(id);
      subscriptions.clear();
    },
  };
}
