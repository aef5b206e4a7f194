import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { test } from '../../support/engine/fixtures.ts';
import { startModelServer } from '../../support/models/model-server.ts';
import { freePort } from '../../support/network/free-port.ts';
import { startCli } from '../../support/processes/cli-process.ts';
import { agentUrls, startService } from '../../support/processes/service-process.ts';
import { startKubo } from '../../support/publish/kubo-server.ts';
import { startVercel } from '../../support/publish/vercel-server.ts';
import { startRedis } from '../../support/redis/test-redis.ts';

type Finding = { part: string; status: 'ok' | 'warning' | 'error'; message: string };

async function examine(env: Record<string, string>) {
  const doctor = startCli(['doctor', '--json'], env);
  const code = await doctor.code;
  const { ok, findings } = JSON.parse(doctor.out() || doctor.err()) as { ok: boolean; findings: Finding[] };
  const of = (part: string) => findings.filter((finding) => finding.part === part);
  return { code, ok, of, out: doctor.out() };
}

test('doctor finds nothing wrong with an installation that works, and prints one line for each part', async ({
  database,
  agents,
}) => {
  const redis = await startRedis({ own: true });
  onTestFinished(() => redis.stop());
  const port = String(await freePort());
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: port, ...agentUrls(agents.urls) };
  const { code, ok, of } = await examine(env);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(of('PostgreSQL')).toEqual([expect.objectContaining({ message: expect.stringMatching(/has version \d+/) })]);
  expect(of('Redis')).toEqual([expect.objectContaining({ message: expect.stringMatching(/has version \d+/) })]);
  expect(of('agents').map(({ message }) => message)).toEqual([
    'StoryAgent answers.',
    'AssetAgent answers.',
    'CodeAgent answers.',
    'DeployAgent answers.',
  ]);
  expect(of('clocks')).toHaveLength(1);
  expect(of('ports')).toEqual([{ part: 'ports', status: 'ok', message: `Port ${port} on 127.0.0.1 is free.` }]);

  const forPeople = startCli(['doctor'], env);
  expect(await forPeople.code).toBe(0);
  expect(
    forPeople
      .out()
      .trim()
      .split('\n')
      .map((line) => line[0]),
  ).toEqual(Array(10).fill('✔'));
});

test('doctor reports all problems at once, with what to do and without secrets', async ({ database }) => {
  const redis = await startRedis({
    own: true,
    settings: ['--maxmemory-policy', 'allkeys-lru', '--requirepass', 'hush!'],
  });
  const other = createServer((_req, res) => res.end('<p>another program</p>')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(async () => {
    other.close();
    await redis.stop();
  });
  const { port } = other.address() as AddressInfo;
  const unused = await freePort();
  const wrong = new URL(database.url);
  wrong.password = 'swordfish';
  wrong.port = String(unused);
  const { code, ok, of, out } = await examine({
    DATABASE_URL: wrong.href,
    REDIS_URL: redis.url.replace('redis://', 'redis://:hush!@'),
    PORT: String(port),
    STORY_AGENT_URL: `http://user:sesame-please@127.0.0.1:${unused}`,
    RETRY_DELAY: '5',
  });
  expect({ code, ok }).toEqual({ code: 1, ok: false });
  expect(of('configuration')).toEqual([
    expect.objectContaining({ status: 'warning', message: expect.stringContaining('RETRY_DELAY is not a variable') }),
  ]);
  expect(of('PostgreSQL')).toEqual([
    expect.objectContaining({
      status: 'error',
      message: expect.stringContaining('DATABASE_URL: cannot use the database'),
    }),
  ]);
  expect(of('Redis')).toEqual([
    expect.objectContaining({
      status: 'warning',
      message: expect.stringMatching(/allkeys-lru.+Set it to noeviction\.$/),
    }),
  ]);
  expect(of('agents')[0]).toEqual({
    part: 'agents',
    status: 'error',
    message: expect.stringMatching(/^STORY_AGENT_URL: 127\.0\.0\.1:\d+ did not respond .+ Start the agent, or correct/),
  });
  expect(of('ports')).toEqual([
    expect.objectContaining({ status: 'error', message: expect.stringContaining('is in use. Stop the program') }),
  ]);
  for (const secret of ['swordfish', 'hush!', 'sesame-please']) expect(out).not.toContain(secret);
});

test('doctor reports which rights the database user lacks, and that too few connections are free', async ({
  database,
}) => {
  const name = `reader_${process.pid}`;
  await database.client.unsafe(`create role ${name} login password 'test'`);
  onTestFinished(async () => void (await database.client.unsafe(`drop role if exists ${name}`).catch(() => undefined)));
  const url = new URL(database.url);
  url.username = name;
  url.password = 'test';
  const { code, of } = await examine({ DATABASE_URL: url.href, DATABASE_POOL_SIZE: '1000', PORT: '0' });
  expect(code).toBe(1);
  expect(of('PostgreSQL').map(({ message }) => message)).toEqual([
    expect.stringMatching(/may not create tables at .+GRANT CREATE ON DATABASE/),
    expect.stringMatching(/may not use the tables at .+make it their owner/),
    expect.stringMatching(/free connections, and the service asks for 1000: .+lower DATABASE_POOL_SIZE\.$/),
  ]);
});

test('doctor recognizes the service that is running at its port', async ({ database, agents }) => {
  const service = await startService({ DATABASE_URL: database.url, ...agentUrls(agents.urls) });
  onTestFinished(async () => void (await service.stop('SIGKILL')));
  const { origin, port } = new URL(service.graphqlUrl);
  const { code, of } = await examine({ DATABASE_URL: database.url, PORT: port, ...agentUrls(agents.urls) });
  expect(code).toBe(0);
  expect(of('ports')).toEqual([{ part: 'ports', status: 'ok', message: `The service is running at ${origin}.` }]);
});

test('doctor reports every invalid variable', async () => {
  const { code, of } = await examine({ PORT: 'x', REDIS_URL: 'nonsense' });
  expect(code).toBe(1);
  expect(of('configuration').map(({ message }) => message.split(':')[0])).toEqual(['PORT', 'REDIS_URL']);
});

test('doctor reports whether the model server, IPFS and Vercel can be used', async ({ database }) => {
  const models = await startModelServer((response) => void response.writeHead(200).end('{"object":"list","data":[]}'), {
    endpoints: ['/v1/models'],
  });
  const kubo = await startKubo();
  const vercel = await startVercel({ token: 'token-of-a-test' });
  onTestFinished(async () => {
    await models.close();
    await kubo.close();
    await vercel.close();
  });
  const env = {
    ...{ DATABASE_URL: database.url, PORT: '0' },
    ...{ OPENAI_BASE_URL: models.url, IPFS_API_URL: kubo.url, VERCEL_API_URL: vercel.url },
  };
  const working = await examine({ ...env, VERCEL_TOKEN: 'token-of-a-test' });
  const external = (of: typeof working.of) => [...of('models'), ...of('IPFS'), ...of('Vercel')];
  expect(working.code).toBe(0);
  expect(external(working.of)).toEqual([
    { part: 'models', status: 'ok', message: `${new URL(models.url).host} answers.` },
    { part: 'IPFS', status: 'ok', message: expect.stringMatching(/^Content is added to IPFS by Kubo .+\.$/) },
    { part: 'Vercel', status: 'ok', message: 'Pages are deployed to Vercel.' },
  ]);

  const unused = `http://127.0.0.1:${await freePort()}`;
  const broken = await examine({
    ...env,
    ...{ OPENAI_BASE_URL: unused, IPFS_API_URL: unused, VERCEL_TOKEN: 'another-token-of-a-test' },
  });
  expect(broken.code).toBe(1);
  expect(external(broken.of)).toEqual([
    {
      part: 'models',
      status: 'error',
      message: expect.stringMatching(/refused the connection: start the model server/),
    },
    { part: 'IPFS', status: 'warning', message: expect.stringContaining('IPFS is not reachable') },
    { part: 'Vercel', status: 'error', message: expect.stringContaining('Vercel refused the token') },
  ]);
});
