import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { describeRedis, parseRedisUrl } from '../config/redis-url.ts';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { createInProcessPubSub } from '../pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from '../pubsub/redis-pubsub.ts';
import { checkRedis } from '../redis/check-redis.ts';
import { openPubSubConnections } from '../redis/pubsub-connections.ts';
import type { RedisProblem } from '../redis/redis-problem.ts';
import { type RedisWatch, watchRedis } from '../redis/watch-redis.ts';
import { StartupError } from './startup-error.ts';

/** Redis as this process uses it. */
export type OpenRedis = {
  /** The connection that may be used for commands. */
  commands: Redis;
  watch: RedisWatch;
};

export type OpenPubSub = {
  pubsub: PubSub;
  /** null: pub/sub is in this process, and there is no Redis. */
  redis: OpenRedis | null;
  close(): Promise<void>;
};

const CONSEQUENCE =
  'Until it works, this process is not ready: new workflows are stored but their agents are not called, and live updates ' +
  'are delayed';

/**
 * Pub/sub over Redis, or in this process without it.
 * @throws {StartupError} if Redis works but cannot be used without another configuration
 */
export async function openPubSub(redisUrl: string | null, prefix: string, log: Logger): Promise<OpenPubSub> {
  if (redisUrl === null) {
    const pubsub = createInProcessPubSub();
    return { pubsub, redis: null, close: pubsub.close };
  }
  const name = `Redis at ${describeRedis(parseRedisUrl(redisUrl))}`;
  const { problems, warnings } = await checkRedis(redisUrl, prefix);
  const lasting = problems.filter(({ isLasting }) => isLasting);
  if (lasting.length > 0) throw new StartupError(`REDIS_URL: ${sentences(name, lasting)}`);
  for (const warning of warnings) log.warn(`REDIS_URL: ${name} can be used, but ${warning}`);

  let watch: RedisWatch | null = null;
  const failed = (error: Error) => watch?.failed(error);
  const connections = openPubSubConnections(redisUrl, failed);
  const pubsub = createRedisPubSub(connections, failed);
  watch = watchRedis({
    connections,
    pubsub,
    prefix,
    known: problems[0] ?? null,
    onProblem: (problem, error) =>
      log.warn(
        error === null ? {} : { reason: error.message },
        `REDIS_URL: ${sentences(name, [problem])} ${CONSEQUENCE}`,
      ),
    onRecovered: () => log.info(`REDIS_URL: ${name} works again`),
  });
  return {
    pubsub,
    redis: { commands: connections.publisher, watch },
    async close() {
      watch.close();
      await pubsub.close();
    },
  };
}

function sentences(name: string, problems: readonly RedisProblem[]): string {
  return problems
    .flatMap(({ summary, advice }) => [`${name} ${summary}.`, advice])
    .filter((sentence) => sentence !== '')
    .join(' ');
}
