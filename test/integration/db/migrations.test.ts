import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLeaseStore } from '../../../src/db/lease-store.ts';
import { migrateDb } from '../../../src/db/migrate.ts';
import { insertRoom } from '../../support/databases/rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The migrations up to this number, in a folder that is removed after use. */
async function withMigrationsUpTo(last: number, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    cpSync('src/db/migrations', folder, { recursive: true });
    const path = join(folder, 'meta/_journal.json');
    const journal: { entries: { idx: number }[] } = JSON.parse(readFileSync(path, 'utf8'));
    const entries = journal.entries.filter(({ idx }) => idx <= last);
    writeFileSync(path, JSON.stringify({ ...journal, entries }));
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a database with an unfinished workflow migrates from the first version, and its step is still due', async () => {
  const { client, db, url } = database;
  await client.unsafe('drop schema public cascade; drop schema drizzle cascade; create schema public');
  await withMigrationsUpTo(2, (migrationsFolder) => migrate(db, { migrationsFolder }));
  const roomId = await insertRoom(db, 'mary');
  const workflowId = '0192aaaa-0000-7000-8000-000000000001';
  await client`
    insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, started_at)
    values (${workflowId}, ${roomId}, 'mary', 'running', 'a lamp', 0, now())`;
  await client`insert into steps (workflow_id, agent, check_at) values (${workflowId}, 'story', now())`;

  await migrateDb(url);
  expect(await createLeaseStore(db).findOverdue(10, true)).toEqual({
    ready: [{ workflowId, agent: 'story', leaseNumber: 0 }],
    seen: 1,
  });
});
