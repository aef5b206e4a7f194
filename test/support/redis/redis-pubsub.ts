import { onTestFinished } from 'vitest';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import { createRedisPubSub } from '../../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../../src/redis/pubsub-connections.ts';

/** Pub/sub as one process has it. It is closed when the test ends. */
export function openRedisPubSub(redisUrl: string, onError: (error: Error) => void = () => undefined): PubSub {
  const pubsub = createRedisPubSub(openPubSubConnections(redisUrl, onError), onError);
  onTestFinished(() => pubsub.close());
  return pubsub;
}
