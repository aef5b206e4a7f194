import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connectDb, type Database } from '../../../src/db/client.ts';

export type TestDatabase = Database & {
  url: string;
  /** Closes every connection and drops the database. */
  drop(): Promise<void>;
};

/** Creates a database for one test file, cloned from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name} template orchestrator_template`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = connectDb(url.href);
  return {
    ...database,
    url: url.href,
    async drop() {
      await database.close();
      await asAdmin(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
