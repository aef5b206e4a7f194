import { onTestFinished } from 'vitest';
import { connectRedis } from '../../src/pubsub/connect-redis.ts';
import type { PubSub } from '../../src/pubsub/port.ts';
import { createRedisPubSub } from '../../src/pubsub/redis.ts';

/** Pub/sub as one process has it; closed at the end of the test. */
export function openRedisPubSub(redisUrl: string, onTrouble: (error: Error) => void = () => undefined): PubSub {
  const pubsub = createRedisPubSub(connectRedis(redisUrl, onTrouble), onTrouble);
  onTestFinished(() => pubsub.close());
  return pubsub;
}
