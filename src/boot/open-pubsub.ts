import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { createInProcessPubSub } from '../pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from '../pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../redis/pubsub-connections.ts';
import { throttle } from './throttle.ts';

/** Both connections report the same outage. */
const REPORT_INTERVAL_MS = 5_000;

/** Pub/sub over Redis, or in this process without it; and the connection that may be used for commands. */
export function openPubSub(redisUrl: string | null, log: Logger): { pubsub: PubSub; redis: Redis | null } {
  if (redisUrl === null) return { pubsub: createInProcessPubSub(), redis: null };
  const onOutage = throttle(REPORT_INTERVAL_MS, (error: Error) =>
    log.warn(
      { reason: error.message },
      `REDIS_URL: Redis at ${new URL(redisUrl).host} is unavailable. Until it is back, new workflows are stored but their ` +
        'agents are not called, and live updates are delayed',
    ),
  );
  const connections = openPubSubConnections(redisUrl, onOutage);
  const pubsub = createRedisPubSub(connections, (error) =>
    log.warn({ reason: error.message }, 'Redis refused a pub/sub command'),
  );
  return { pubsub, redis: connections.publisher };
}
