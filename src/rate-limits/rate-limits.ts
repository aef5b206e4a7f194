import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CountedBy, RateLimits } from '../orchestrator/ports/rate-limits.ts';
import { RequestError } from '../orchestrator/request-error.ts';

export type RateLimitOptions = {
  /** Per viewer; null: no limit. */
  operationsPerMinute: number | null;
  /** Per viewer; null: no limit. */
  startsPerMinute: number | null;
  /** Where all processes count together. Null, or while Redis is unavailable: each process counts for itself. */
  redis: Redis | null;
  /** Keeps the keys apart from those of other services that use the same Redis. */
  prefix: string;
};

/** One address may stand for many viewers: those of a company, or behind a proxy. */
const VIEWERS_PER_ADDRESS = 10;
const WINDOW_S = 60;

/** Fixed windows of one minute. A window begins with the first request counted in it. */
export function createRateLimits(options: RateLimitOptions): RateLimits {
  return {
    operation: counter('operations', options.operationsPerMinute, OPERATIONS_ADVICE, options),
    start: counter('starts', options.startsPerMinute, STARTS_ADVICE, options),
  };
}

const OPERATIONS_ADVICE = 'Subscribe instead of polling, or request larger pages.';
const STARTS_ADVICE = 'Workflows that have started continue.';

function counter(counted: string, perMinute: number | null, advice: string, { redis, prefix }: RateLimitOptions) {
  if (perMinute === null) return async () => {};
  const byViewer = createLimiter(`${prefix}:${counted}:viewer`, perMinute, redis);
  const byAddress = createLimiter(`${prefix}:${counted}:address`, perMinute * VIEWERS_PER_ADDRESS, redis);
  return async (by: CountedBy): Promise<void> => {
    const [limiter, key, scope] =
      'viewerId' in by ? [byViewer, by.viewerId, 'viewer'] : [byAddress, by.address, 'address'];
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterMs = Math.max(refusal.msBeforeNext, 1);
      const limit = `${limiter.points.toLocaleString('en')} ${counted} per minute per ${scope}`;
      const message = `Rate limit exceeded: ${limit}. Retry in ${Math.ceil(retryAfterMs / 1_000)} s. ${advice}`;
      throw new RequestError('RATE_LIMITED', message, { retryAfterMs });
    }
  };
}

function createLimiter(keyPrefix: string, points: number, redis: Redis | null) {
  const inMemory = new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_S });
  if (redis === null) return inMemory;
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix,
    points,
    duration: WINDOW_S,
    insuranceLimiter: inMemory,
    // A client over its limit is refused here and costs Redis nothing more.
    inMemoryBlockOnConsumed: points + 1,
  });
}
