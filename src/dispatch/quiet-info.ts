import type { Redis, RedisOptions } from 'ioredis';

/** What BullMQ assumes about a server of this version is true of all that the service can use. */
const ASSUMED = 'redis_version:6.2.0';

/**
 * Prepares a connection for BullMQ's workers, which read INFO once for each of their connections. They print that jobs
 * may be evicted, which is reported once at the start of the process instead; and a worker that is refused INFO never
 * begins, not even when the right to it was given.
 */
export function withQuietInfo(client: Redis): Redis {
  const info = client.info.bind(client);
  const duplicate = client.duplicate.bind(client);
  client.info = (...args: unknown[]): Promise<string> => {
    // With a callback it is ioredis itself that asks, to find out whether a new connection is ready.
    if (args.length > 0) return Reflect.apply(info, client, args);
    return info().then(
      (text) => text.replace(/^maxmemory_policy:.*$/m, ''),
      () => ASSUMED,
    );
  };
  client.duplicate = (options?: Partial<RedisOptions>) => withQuietInfo(duplicate(options));
  return client;
}
