import { expect } from 'vitest';
import { connectDb } from '../../src/db/client.ts';
import { query } from '../support/clients/graphql-clients.ts';
import { createTestRole, type TestRole } from '../support/databases/test-role.ts';
import { test as base } from '../support/engine/fixtures.ts';
import { failToStart, startService } from '../support/processes/service-process.ts';

/** What an administrator may have set for a role or a database, and what would break this service. */
const HOSTILE = {
  datestyle: `'German, DMY'`,
  intervalstyle: `'sql_standard'`,
  timezone: `'Asia/Kathmandu'`,
  bytea_output: `'escape'`,
  extra_float_digits: '-15',
  array_nulls: 'off',
  transform_null_equals: 'on',
  standard_conforming_strings: 'off',
  client_encoding: `'LATIN1'`,
  client_min_messages: 'debug1',
  search_path: `'nowhere'`,
  default_transaction_isolation: `'serializable'`,
  exit_on_error: 'on',
  statement_timeout: `'2s'`,
  lock_timeout: `'2s'`,
  idle_in_transaction_session_timeout: `'2s'`,
  idle_session_timeout: `'2s'`,
};

const test = base.extend<{ role: (settings: Record<string, string>) => Promise<TestRole> }>({
  role: async ({ database }, use) => {
    const roles: TestRole[] = [];
    await use(async (settings) => {
      const role = await createTestRole(database, { settings });
      roles.push(role);
      return role;
    });
    for (const role of roles) await role.drop();
  },
});

const START = `mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id createdAt } room { id } } }`;
const ROOM = `query ($id: ID!) { room(id: $id) { status latestWorkflow { deployment { deploymentUrl } } } }`;

test('a workflow runs and its page is served whatever an administrator has set for the sessions of the role', async ({
  role,
  rows,
}) => {
  const { url } = await role(HOSTILE);
  const service = await startService({ DATABASE_URL: url });
  try {
    const text = 'a lamp \\ with “quotes” and 🕯';
    const startedAt = Date.now();
    const { data, errors } = await query<{
      startWorkflow: { workflow: { id: string; createdAt: string }; room: { id: string } };
    }>(service.graphqlUrl, START, { input: { userInput: text } });
    expect(errors).toBeUndefined();
    const { workflow, room } = data?.startWorkflow ?? { workflow: { id: '', createdAt: '' }, room: { id: '' } };
    expect(Math.abs(new Date(workflow.createdAt).getTime() - startedAt)).toBeLessThan(60_000);
    const row = await rows.ended(workflow.id);
    expect([row.status, row.userInput]).toEqual(['succeeded', text]);
    const read = await query<{ room: { status: string; latestWorkflow: { deployment: { deploymentUrl: string } } } }>(
      service.graphqlUrl,
      ROOM,
      { id: room.id },
    );
    expect(read.data?.room.status).toMatch(/done/i);
    const page = await fetch(read.data?.room.latestWorkflow.deployment.deploymentUrl ?? '');
    expect(await page.text()).toMatch(/^<!doctype html>/i);
  } finally {
    await service.stop();
  }
});

test('no session of the service keeps a setting of the role that would break it', async ({ database, role }) => {
  const { url } = await role(HOSTILE);
  const { client, close } = connectDb(url);
  const names = Object.keys(HOSTILE);
  const settings = (sql: typeof client) => sql<{ name: string; setting: string }[]>`
    select lower(name) as name, setting from pg_settings
    where lower(name) in ${sql(names)} or name = 'transaction_timeout'`;
  const own = await settings(client);
  const [version] = await client<{ number: number }[]>`select current_setting('server_version_num')::int as number`;
  await close();
  // Those of the administrator's own sessions are the server's defaults, but for the formats.
  const defaults = new Map((await settings(database.client)).map(({ name, setting }) => [name, setting]));
  for (const { name, setting } of own) expect([name, setting]).toEqual([name, defaults.get(name)]);
  expect(own).toHaveLength(names.length + ((version?.number ?? 0) >= 170_000 ? 1 : 0));
});

test('the service does not start on a database that was set to read-only, and says so', async ({ role }) => {
  const { url } = await role({ default_transaction_read_only: 'on' });
  const { code, stderr } = await failToStart({ DATABASE_URL: url });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^DATABASE_URL: cannot use the database at \S+: the server is read-only: it is a standby, or default_transaction_read_only is on/m,
  );
});
