import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from '../orchestrator/errors.ts';
import type { CountedBy, RateLimits } from '../orchestrator/ports/rate-limits.ts';

export type RateLimitOptions = {
  /** By one viewer; null: no limit. */
  operationsPerMinute: number | null;
  /** By one viewer; null: no limit. */
  startsPerMinute: number | null;
  /** Where all processes count together; null, or while it is away: each by itself. */
  redis: Redis | null;
  /** Tells this service from others that use the same Redis. */
  prefix: string;
};

/** Behind one address there may be many viewers: a company, or a proxy. */
const ADDRESS_FACTOR = 10;
const WINDOW_S = 60;

/** Fixed windows of a minute, from each one's first request on. */
export function createRateLimits(options: RateLimitOptions): RateLimits {
  return {
    operation: counter('operations', options.operationsPerMinute, OPERATIONS_ADVICE, options),
    start: counter('starts', options.startsPerMinute, STARTS_ADVICE, options),
  };
}

const OPERATIONS_ADVICE = 'A subscription in the place of polling, and larger pages, need fewer.';
const STARTS_ADVICE = 'What has been started goes on.';

function counter(what: string, perMinute: number | null, advice: string, { redis, prefix }: RateLimitOptions) {
  if (perMinute === null) return async () => {};
  const byViewer = limiter(`${prefix}:${what}:viewer`, perMinute, redis);
  const byAddress = limiter(`${prefix}:${what}:address`, perMinute * ADDRESS_FACTOR, redis);
  return async (by: CountedBy): Promise<void> => {
    const [counted, key, who] =
      'viewerId' in by ? [byViewer, by.viewerId, 'by one viewer'] : [byAddress, by.address, 'from one address'];
    try {
      await counted.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterMs = Math.max(refusal.msBeforeNext, 1);
      const bound = `${counted.points.toLocaleString('en')} ${what} a minute ${who} are the most`;
      const message = `Too many: ${bound}. Go on in ${Math.ceil(retryAfterMs / 1_000)} s. ${advice}`;
      throw new RequestError('RATE_LIMITED', message, { retryAfterMs });
    }
  };
}

function limiter(keyPrefix: string, points: number, redis: Redis | null) {
  const here = new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_S });
  if (redis === null) return here;
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix,
    points,
    duration: WINDOW_S,
    insuranceLimiter: here,
    // Who is past the bound costs Redis nothing more.
    inMemoryBlockOnConsumed: points + 1,
  });
}
