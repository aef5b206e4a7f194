import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './test-database.ts';

export type TestRole = {
  /** The database, as this role. */
  url: string;
  /** Only after the database was dropped: until then the role has rights in it. */
  drop(): Promise<void>;
};

/**
 * Creates a role that may do in this database whatever its owner may, and is no superuser.
 * @param attributes such as `connection limit 10`
 * @param settings of its sessions, as an administrator sets them
 */
export async function createTestRole(
  database: TestDatabase,
  { attributes = '', settings = {} }: { attributes?: string; settings?: Record<string, string> },
): Promise<TestRole> {
  const name = `role_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(database.url);
  const { client } = database;
  await client.unsafe(`create role ${name} login password 'test' ${attributes}`);
  await client.unsafe(`grant "${url.username}" to ${name}`);
  for (const [setting, value] of Object.entries(settings)) {
    await client.unsafe(`alter role ${name} set ${setting} = ${value}`);
  }
  url.username = name;
  url.password = 'test';
  return {
    url: url.href,
    drop: async () => {
      await client.unsafe(`drop owned by ${name}`);
      await client.unsafe(`drop role ${name}`);
    },
  };
}
