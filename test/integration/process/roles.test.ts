import postgres from 'postgres';
import { describe, expect, inject } from 'vitest';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test } from '../../support/engine/fixtures.ts';
import { freePort } from '../../support/network/free-port.ts';
import { agentUrls, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const START = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }';
type Started = { startWorkflow: { workflow: { id: string } } };

const readiness = async (url: string) => {
  const response = await fetch(new URL('/health/ready', url));
  return { status: response.status, body: await response.json() };
};

describe('processes that share the work', () => {
  for (const [known, names] of [
    ['none', []],
    ['some', ['story', 'code']],
  ] as const) {
    test(`an API process that is given the URLs of ${known} of the agents starts, and a worker calls them`, async ({
      database,
      agents,
      rows,
    }) => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const shared = {
        DATABASE_URL: database.url,
        REDIS_URL: inject('redisUrl'),
        PUBLIC_URL: 'https://rooms.example.com',
      };
      const urls = agentUrls(agents.urls);
      const given = Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_AGENT_URL`, agents.urls[name]]));
      const api = await startService({ ...shared, ...given, ROLE: 'api', PORT: String(port) });
      expect(await readiness(url)).toEqual({ status: 200, body: { status: 'ok' } });
      const { workflow } = dataOf(await query<Started>(`${url}/graphql`, START)).startWorkflow;
      const worker = await startService({ ...shared, ...urls, ROLE: 'worker' });
      expect(await rows.ended(workflow.id)).toMatchObject({ status: 'succeeded' });
      await Promise.all([worker.stop(), api.stop()]);
    });
  }

  test('a worker is ready only when it takes steps', async ({ database, agents }) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const admin = postgres(database.url, { max: 1 });
    // The lock keeps the worker from recording that it is alive, before which it takes no step.
    const locked = Promise.withResolvers<void>();
    const unlock = Promise.withResolvers<void>();
    const holding = admin.begin(async (tx) => {
      await tx`lock table workers in access exclusive mode`;
      locked.resolve();
      await unlock.promise;
    });
    await locked.promise;
    const starting = startService({
      DATABASE_URL: database.url,
      REDIS_URL: inject('redisUrl'),
      PUBLIC_URL: 'https://rooms.example.com',
      ROLE: 'worker',
      PORT: String(port),
      ...agentUrls(agents.urls),
    });
    const before = await waitFor('the worker to answer', () => readiness(url).catch(() => undefined));
    expect(before).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        reasons: { worker: 'it takes no steps: it is starting, or cannot reach PostgreSQL' },
      },
    });
    unlock.resolve();
    await holding;
    await admin.end();
    const worker = await starting;
    expect(await readiness(url)).toEqual({ status: 200, body: { status: 'ok' } });
    await worker.stop();
  });
});
