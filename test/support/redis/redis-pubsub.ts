import { onTestFinished } from 'vitest';
import type { PubSub } from '../../../src/pubsub/pubsub.ts';
import { createRedisPubSub } from '../../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../../src/redis/pubsub-connections.ts';

/** Pub/sub as one process has it; closed at the end of the test. */
export function openRedisPubSub(redisUrl: string, onTrouble: (error: Error) => void = () => undefined): PubSub {
  const pubsub = createRedisPubSub(openPubSubConnections(redisUrl, onTrouble), onTrouble);
  onTestFinished(() => pubsub.close());
  return pubsub;
}
