import type { RedisOptions } from 'ioredis';
import { parseRedisUrl } from '../config/redis-url.ts';

/** A Sentinel that takes longer to answer is skipped. */
const SENTINEL_TIMEOUT_MS = 2_000;

/** The driver's options for a REDIS_URL. The driver itself would let parameters of the URL override its options. */
export function connectionOptions(url: string): RedisOptions {
  const { servers, socket, sentinel, user, password, database, hasTls, family } = parseRedisUrl(url);
  const common: RedisOptions = {
    db: database,
    family,
    ...(user !== null && { username: user }),
    ...(password !== null && { password }),
    ...(hasTls && { tls: {} }),
  };
  if (socket !== null) return { ...common, path: socket };
  if (sentinel === null) return { ...common, ...servers[0] };
  return {
    ...common,
    sentinels: servers,
    name: sentinel.primary,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    ...(sentinel.user !== null && { sentinelUsername: sentinel.user }),
    ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
    ...(hasTls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  };
}
