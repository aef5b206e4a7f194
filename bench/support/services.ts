import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDb } from '../../src/db/client.ts';
import { migrateDb } from '../../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.ts';
import { startRedis } from '../../test/support/redis/test-redis.ts';

export type Services = AsyncDisposable & {
  /** The URL of the server's default database. `createDatabase` creates others. */
  postgresUrl: string;
  redisUrl: string;
  /** `{ postgres: '18.1', redis: '7.0.15' }` */
  versions: Record<string, string>;
  /** Creates an empty database, or one with the product's tables. */
  createDatabase(name: string, options?: { migrated?: boolean }): Promise<string>;
};

/**
 * Starts PostgreSQL and Redis for one run and removes them with their data afterwards. PostgreSQL is the embedded one with
 * the product's settings and durability, or that of BENCH_DATABASE_URL; Redis is redis-server on PATH, or TEST_REDIS_URL.
 */
export async function startServices(): Promise<Services> {
  await using stack = new AsyncDisposableStack();
  const postgresUrl = process.env['BENCH_DATABASE_URL'] ?? (await startPostgres(stack));
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const created: string[] = [];
  const admin = connectDb(postgresUrl, { maxConnections: 1 });
  stack.defer(() => admin.close());
  stack.defer(async () => {
    for (const name of created) await admin.client.unsafe(`drop database if exists ${name} with (force)`);
  });
  const [version] = await admin.client<{ server_version: string }[]>`show server_version`;
  const owned = stack.move();
  // An aborted run leaves no server behind.
  process.once('SIGINT', () => void owned.disposeAsync().finally(() => process.exit(130)));
  return {
    postgresUrl,
    redisUrl: redis.url,
    versions: { postgres: version?.server_version ?? 'unknown', redis: await redisVersion(redis.url) },
    async createDatabase(name, { migrated = false } = {}) {
      await admin.client.unsafe(`drop database if exists ${name} with (force)`);
      await admin.client.unsafe(`create database ${name}`);
      created.push(name);
      const url = new URL(postgresUrl);
      url.pathname = `/${name}`;
      if (migrated) await migrateDb(url.href);
      return url.href;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startPostgres(stack: AsyncDisposableStack): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orchestrator-bench-'));
  // As root, the server runs as another user, who needs access.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, log: () => {} });
  stack.defer(async () => {
    await server.close();
    await rm(server.location, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });
  return server.url;
}

export async function redisVersion(url: string): Promise<string> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url);
  try {
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
  } finally {
    redis.disconnect();
  }
}
