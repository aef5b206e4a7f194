import type { Redis, RedisOptions } from 'ioredis';

/** What BullMQ assumes about a server of this version is true of all that the service can use. */
const ASSUMED = 'redis_version:6.2.0';

/**
 * A connection as BullMQ's workers may see it. They read INFO once for each of their connections. They print that jobs may
 * be evicted, which is reported once at the start of the process instead; and a worker that is refused INFO never begins,
 * not even when the right to it was given.
 */
export function withQuietInfo(client: Redis): Redis {
  const replaced: Record<PropertyKey, unknown> = {
    info: () =>
      client.info().then(
        (text) => text.replace(/^maxmemory_policy:.*$/m, ''),
        () => ASSUMED,
      ),
    duplicate: (options?: Partial<RedisOptions>) => withQuietInfo(client.duplicate(options)),
  };
  return new Proxy(client, { get: (target, name) => replaced[name] ?? Reflect.get(target, name) });
}
