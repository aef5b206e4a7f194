import { rm } from 'node:fs/promises';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrateDb } from '../../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.ts';
import { makeTemporaryFolder } from './processes/temporary-folder.ts';
import { startRedis } from './redis/test-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server on which tests create their databases. */
    databaseUrl: string;
    redisUrl: string;
  }
}

/** Each test file clones it; see `test/support/databases/test-database.ts`. */
const TEMPLATE = 'orchestrator_template';

/** Starts one PostgreSQL (or uses TEST_DATABASE_URL) with a migrated template database, and one Redis, for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgresServer = await startPostgres();
  const redis = await startRedis();
  project.provide('databaseUrl', postgresServer.url);
  project.provide('redisUrl', redis.url);

  const admin = postgres(postgresServer.url, { max: 1, onnotice: () => {} });
  if (postgresServer.isDisposable) await withoutDurability(admin);
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

/** Nothing in this server outlives the test run, so no commit needs to wait for the disk. */
async function withoutDurability(admin: postgres.Sql): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await admin.unsafe(`alter system set ${setting} = off`);
  }
  await admin`select pg_reload_conf()`;
}

async function startPostgres(): Promise<{ url: string; isDisposable: boolean; stop: () => Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, isDisposable: false, stop: async () => {} };
  const dataDir = await makeTemporaryFolder();
  const server = await startEmbeddedPostgres({ dataDir, log: () => {} });
  return {
    url: server.url,
    isDisposable: true,
    async stop() {
      await server.close();
      await rm(server.location, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
