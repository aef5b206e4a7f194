import { rm } from 'node:fs/promises';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrateDb } from '../../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.ts';
import { makeTemporaryFolder } from './processes/temporary-folder.ts';
import { startRedis } from './redis/test-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which tests may create databases. */
    databaseUrl: string;
    redisUrl: string;
  }
}

/** Cloned by each test file; see test-database.ts. */
const TEMPLATE = 'orchestrator_template';

/** One PostgreSQL (TEST_DATABASE_URL or embedded) with a migrated template database, and one Redis, for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgresServer = await startPostgres();
  const redis = await startRedis();
  project.provide('databaseUrl', postgresServer.url);
  project.provide('redisUrl', redis.url);

  const admin = postgres(postgresServer.url, { max: 1, onnotice: () => {} });
  if (postgresServer.isOurs) await withoutDurability(admin);
  await admin.unsafe(`drop database if exists ${TEMPLATE}`);
  await admin.unsafe(`create database ${TEMPLATE}`);
  await admin.end({ timeout: 5 });
  const template = new URL(postgresServer.url);
  template.pathname = `/${TEMPLATE}`;
  await migrateDb(template.href);

  return async () => {
    await redis.stop();
    await postgresServer.stop();
  };
}

/** Nothing here outlives the run, so nothing waits for the disk. */
async function withoutDurability(admin: postgres.Sql): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await admin.unsafe(`alter system set ${setting} = off`);
  }
  await admin`select pg_reload_conf()`;
}

async function startPostgres(): Promise<{ url: string; isOurs: boolean; stop: () => Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, isOurs: false, stop: async () => {} };
  const dataDir = await makeTemporaryFolder();
  const server = await startEmbeddedPostgres({ dataDir, log: () => {} });
  return {
    url: server.url,
    isOurs: true,
    async stop() {
      await server.close();
      await rm(server.location, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
