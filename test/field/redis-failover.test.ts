import { expect, onTestFinished } from 'vitest';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { test } from '../support/engine/fixtures.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { readinessOf } from '../support/processes/readiness.ts';
import { agentUrls, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { askRedis } from '../support/redis/redis-admin.ts';
import { startRedisHaproxy } from '../support/redis/redis-haproxy.ts';
import { startRedis } from '../support/redis/test-redis.ts';
import { startSentinel } from '../support/redis/test-sentinel.ts';
import { waitFor } from '../support/wait-for.ts';

const START = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }';
type Started = { startWorkflow: { workflow: { id: string } } };

/** A primary and its replica behind one address, as a proxy or a floating IP address provides it. */
async function replicatedRedis() {
  const [first, second] = await Promise.all([startRedis({ own: true }), startRedis({ own: true })]);
  await askRedis(second.port, 'REPLICAOF', '127.0.0.1', String(first.port));
  let target = first.port;
  const proxy = await startTcpProxy(() => target);
  onTestFinished(async () => {
    await proxy.close();
    await Promise.all([first.stop(), second.stop()]);
  });
  return {
    url: `redis://127.0.0.1:${proxy.port}`,
    first,
    second,
    /** New connections reach the second server from now on; those that are open stay. */
    pointToSecond: () => {
      target = second.port;
    },
  };
}

/** The log lines about Redis. */
const linesOf = (service: ServiceProcess) =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes('REDIS_URL: Redis at'));

/** How many connections of clients a server has, without replicas and this one. */
async function clientsOf(port: number): Promise<number> {
  const list = String(await askRedis(port, 'CLIENT', 'LIST'));
  return list.split('\n').filter((line) => /flags=[PNb]+ /.test(line) && !line.includes('cmd=client')).length;
}

for (const { name, demote } of [
  { name: 'is a replica of the new primary', demote: [] },
  { name: 'is a replica without a primary', demote: [['CONFIG', 'SET', 'replica-serve-stale-data', 'no']] },
] as const) {
  test(`after a failover behind one address, with connections that stay open to a server that ${name}, workflows run and nothing stays connected to it`, async ({
    database,
    agents,
    rows,
  }) => {
    const redis = await replicatedRedis();
    const service = await startService({ DATABASE_URL: database.url, REDIS_URL: redis.url, ...agentUrls(agents.urls) });
    onTestFinished(() => void service.stop('SIGKILL'));
    const start = async () => dataOf(await query<Started>(service.graphqlUrl, START)).startWorkflow.workflow.id;
    await rows.ended(await start());

    await askRedis(redis.second.port, 'REPLICAOF', 'NO', 'ONE');
    for (const command of demote) await askRedis(redis.first.port, ...command);
    const primary = demote.length > 0 ? 1 : redis.second.port;
    await askRedis(redis.first.port, 'REPLICAOF', '127.0.0.1', String(primary));
    // The address follows a moment later.
    const early = await start();
    await waitFor('the service to be not ready', async () => (await readinessOf(service)).status === 503);
    redis.pointToSecond();
    const workflows = [early, await start(), await start(), await start()];
    for (const workflow of workflows) expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
    await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
    await waitFor('no connection to the old server', async () => (await clientsOf(redis.first.port)) === 0);
    expect(linesOf(service).at(-1)).toContain('works again');
    expect(linesOf(service).length).toBeLessThanOrEqual(3);
  });
}

test('behind HAProxy, which leaves open connections on the old primary, workflows run after a failover', async ({
  database,
  agents,
  rows,
}) => {
  const { first, second } = await replicatedRedis();
  const haproxy = await startRedisHaproxy([first.port, second.port]);
  onTestFinished(haproxy.stop);
  const url = `redis://127.0.0.1:${haproxy.port}`;
  const service = await startService({ DATABASE_URL: database.url, REDIS_URL: url, ...agentUrls(agents.urls) });
  onTestFinished(() => void service.stop('SIGKILL'));
  const start = async () => dataOf(await query<Started>(service.graphqlUrl, START)).startWorkflow.workflow.id;
  await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
  await rows.ended(await start());
  await askRedis(first.port, 'REPLICAOF', '127.0.0.1', String(second.port));
  await askRedis(second.port, 'REPLICAOF', 'NO', 'ONE');
  for (const workflow of [await start(), await start()]) {
    expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
  }
  await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
});

test('with Sentinel, workflows run after the primary ended and Sentinel chose another', async ({
  database,
  agents,
  rows,
}) => {
  const { first, second } = await replicatedRedis();
  const sentinel = await startSentinel(first.port);
  onTestFinished(sentinel.stop);
  const service = await startService({
    DATABASE_URL: database.url,
    REDIS_URL: `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/main`,
    ...agentUrls(agents.urls),
  });
  onTestFinished(() => void service.stop('SIGKILL'));
  const start = async () => dataOf(await query<Started>(service.graphqlUrl, START)).startWorkflow.workflow.id;
  expect(await readinessOf(service)).toEqual({ status: 200, reasons: {} });
  await rows.ended(await start());
  await first.stop();
  const during = await start();
  // Sentinel closes all connections to a server that it promotes, this one too.
  const roleOfSecond = async () => String(await askRedis(second.port, 'ROLE').catch(() => ''));
  await waitFor('a new primary', async () => (await roleOfSecond()).startsWith('master'));
  for (const workflow of [during, await start()]) {
    expect(await rows.ended(workflow)).toMatchObject({ status: 'succeeded' });
  }
  await waitFor('the service to be ready', async () => (await readinessOf(service)).status === 200);
  expect(linesOf(service).at(-1)).toContain('works again');
});
