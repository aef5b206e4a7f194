import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { test } from '../support/engine/fixtures.ts';
import { readinessOf } from '../support/processes/readiness.ts';
import { agentUrls, failToStart, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { askRedis } from '../support/redis/redis-admin.ts';
import { startRedis, type TestRedis } from '../support/redis/test-redis.ts';
import { waitFor } from '../support/wait-for.ts';

const START = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }';

type Command = [string, ...string[]];

async function ownRedis(...settings: string[]): Promise<TestRedis> {
  const redis = await startRedis({ own: true, settings });
  onTestFinished(() => redis.stop());
  return redis;
}

async function serve(env: Record<string, string>): Promise<ServiceProcess> {
  const service = await startService(env);
  onTestFinished(() => void service.stop('SIGKILL'));
  return service;
}

async function startWorkflow(service: ServiceProcess): Promise<string> {
  const started = await query<{ startWorkflow: { workflow: { id: string } } }>(service.graphqlUrl, START);
  return dataOf(started).startWorkflow.workflow.id;
}

/** The log lines about Redis. */
const linesOf = (service: ServiceProcess) =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes('REDIS_URL: Redis at'));

describe('a Redis that refuses what the service needs', () => {
  test('the service does not start, and says all that is missing in one line', { timeout: 120_000 }, async ({
    database,
  }) => {
    const redis = await ownRedis('--rename-command', 'XTRIM', '');
    const refusal = async (url: string) => {
      const { code, stderr } = await failToStart({ DATABASE_URL: database.url, REDIS_URL: url });

      expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
      return stderr.trim();
    };
    await askRedis(
      redis.port,
      'ACL',
      'SETUSER',
      'limited',
      'on',
      '>pw',
      '~others:*',
      '&others',
      '+@all',
      '-info',
      '-eval',
    );
    const all = await refusal(`redis://limited:pw@127.0.0.1:${redis.port}`);
    expect(all).toBe(
      `REDIS_URL: Redis at 127.0.0.1:${redis.port} does not allow the service to use the commands INFO, EVAL, keys that ` +
        'match hauntedai-*, channels that match room:* and workflows:*. Allow them: ACL SETUSER limited ~hauntedai-* &room:* ' +
        '&workflows:* +@read +@write +@pubsub +@scripting +@connection +info ' +
        `Redis at 127.0.0.1:${redis.port} has no command XTRIM (renamed, disabled or too old). Use a Redis that has them: ` +
        'the service cannot be told other names.',
    );
    expect(await refusal(`redis://limited:wrong@127.0.0.1:${redis.port}`)).toMatch(/refuses the user name or password/);
    expect(await refusal(`redis://127.0.0.1:${redis.port}/99`)).toMatch(/has no database with the number in REDIS_URL/);
    await askRedis(redis.port, 'CONFIG', 'SET', 'requirepass', 'secret');
    expect(await refusal(redis.url)).toMatch(/requires a password\. Write redis:\/\//);
  });

  test('the ACL that the message recommends is enough', async ({ database, agents, rows }) => {
    const redis = await ownRedis();
    const acl = '~hauntedai-* &room:* &workflows:* +@read +@write +@pubsub +@scripting +@connection +info';
    await askRedis(redis.port, 'ACL', 'SETUSER', 'limited', 'on', '>pw', ...acl.split(' '));
    const service = await serve({
      DATABASE_URL: database.url,
      REDIS_URL: `redis://limited:pw@127.0.0.1:${redis.port}`,
      STORY_AGENT_GLOBAL_CONCURRENCY: '5',
      RATE_LIMIT_STARTS_PER_MINUTE: '50',
      ...agentUrls(agents.urls),
    });
    expect(await readinessOf(service)).toEqual({ status: 200, reasons: {} });
    expect(await rows.ended(await startWorkflow(service))).toMatchObject({ status: 'succeeded' });
    expect(linesOf(service)).toEqual([]);
    expect(await askRedis(redis.port, 'ACL', 'LOG')).toEqual([]);
  });

  test('a Redis in cluster mode is refused', async ({ database }) => {
    const redis = await ownRedis('--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${process.pid}.conf`);
    const { code, stderr } = await failToStart({ DATABASE_URL: database.url, REDIS_URL: redis.url });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]+ is in cluster mode, which is not supported\. Use [^\n]+\n$/),
    });
  });
});

describe('a Redis that begins to refuse', () => {
  const reconnections: Command = ['CLIENT', 'KILL', 'USER', 'svc'];
  const cases: { name: string; refuse: Command[]; allow: Command; reason: RegExp }[] = [
    {
      name: 'commands',
      refuse: [['ACL', 'SETUSER', 'svc', '-set', '-evalsha']],
      allow: ['ACL', 'SETUSER', 'svc', '+@all'],
      reason: /^does not allow the service to use the commands SET, EVALSHA$/,
    },
    {
      name: 'the password',
      refuse: [['ACL', 'SETUSER', 'svc', 'resetpass', '>other'], reconnections],
      allow: ['ACL', 'SETUSER', 'svc', '>pw'],
      reason: /^refuses the user name or password of REDIS_URL$/,
    },
    {
      name: 'writes, since its memory is full,',
      refuse: [['CONFIG', 'SET', 'maxmemory', '1']],
      allow: ['CONFIG', 'SET', 'maxmemory', '0'],
      reason: /^has no memory left$/,
    },
    {
      name: 'writes, since replicas are missing,',
      refuse: [['CONFIG', 'SET', 'min-replicas-to-write', '1']],
      allow: ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
      reason: /^refuses writes because too few replicas are connected$/,
    },
  ];
  for (const { name, refuse, allow, reason } of cases) {
    test(`a Redis that begins to refuse ${name} makes the service not ready, which is logged once`, async ({
      database,
      agents,
      rows,
    }) => {
      const redis = await ownRedis();
      await askRedis(redis.port, 'ACL', 'SETUSER', 'svc', 'on', '>pw', '+@all', '~*', '&*');
      const service = await serve({
        DATABASE_URL: database.url,
        REDIS_URL: `redis://svc:pw@127.0.0.1:${redis.port}`,
        ...agentUrls(agents.urls),
      });
      expect((await readinessOf(service)).status).toBe(200);
      for (const command of refuse) await askRedis(redis.port, ...command);
      const workflow = await startWorkflow(service);
      await waitFor('the reason', async () => reason.test((await readinessOf(service)).reasons['redis'] ?? ''));
      // Several attempts of each connection fail.
      await sleep(3_000);
      expect((await readinessOf(service)).status).toBe(503);
      // A connection that is closed is reported before the reason why no other is opened.
      const refusals = linesOf(service).filter((line) => !line.includes('is unreachable'));
      expect(refusals).toEqual([expect.any(String)]);
      await askRedis(redis.port, ...allow);
      await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
      expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
      expect(linesOf(service).at(-1)).toContain('works again');
    });
  }

  test('a Redis that cannot save its data makes the service not ready until it can', async ({
    database,
    agents,
    rows,
  }) => {
    const folder = await makeTemporaryFolder();
    const redis = await ownRedis('--dir', folder);
    const service = await serve({ DATABASE_URL: database.url, REDIS_URL: redis.url, ...agentUrls(agents.urls) });
    // Saving ends with a rename to this name.
    await mkdir(join(folder, 'dump.rdb', 'x'), { recursive: true });
    await askRedis(redis.port, 'CONFIG', 'SET', 'save', '1 1');
    await waitFor('the reason', async () =>
      /^refuses writes because it cannot save its data$/.test((await readinessOf(service)).reasons['redis'] ?? ''),
    );
    const workflow = await startWorkflow(service);
    await rm(join(folder, 'dump.rdb'), { recursive: true });
    await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
    expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
    expect(linesOf(service)).toEqual([
      expect.stringContaining('INFO persistence'),
      expect.stringContaining('works again'),
    ]);
  });
});

describe('a Redis that cannot be used yet', () => {
  test('the service starts without Redis, logs that once, and is ready when Redis is available', async ({
    database,
    agents,
    rows,
  }) => {
    const redis = await ownRedis();
    await redis.stop();
    const service = await serve({ DATABASE_URL: database.url, REDIS_URL: redis.url, ...agentUrls(agents.urls) });
    expect(await readinessOf(service)).toEqual({ status: 503, reasons: { redis: 'is unreachable' } });
    const workflow = await startWorkflow(service);
    await sleep(3_000);
    expect(linesOf(service)).toEqual([
      expect.stringContaining('is unreachable. Until it works, this process is not ready'),
    ]);
    await redis.start();
    await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
    expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
  });

  test('the service starts with a Redis that is a replica, and is ready when it is promoted', async ({
    database,
    agents,
    rows,
  }) => {
    const redis = await ownRedis('--replicaof', '127.0.0.1', '1');
    const service = await serve({ DATABASE_URL: database.url, REDIS_URL: redis.url, ...agentUrls(agents.urls) });
    const reasons = { redis: 'is read-only: the server is a replica now' };
    expect(await readinessOf(service)).toEqual({ status: 503, reasons });
    await askRedis(redis.port, 'REPLICAOF', 'NO', 'ONE');
    await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
    expect(await rows.ended(await startWorkflow(service))).toMatchObject({ status: 'succeeded' });
  });
});
