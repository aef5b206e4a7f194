import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { codeOf, query } from '../support/clients/graphql-clients.ts';
import { createOwnPostgres } from '../support/databases/own-postgres.ts';
import { mountSmallDisk } from '../support/databases/small-disk.ts';
import { readinessOf } from '../support/processes/readiness.ts';
import { startService } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';

const START = `mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id } } }`;

test('while the disk of PostgreSQL is full, starts are refused and readiness says so; then all workflows end', async () => {
  const disk = await mountSmallDisk(100);
  const postgres = await createOwnPostgres({ max_wal_size: '32MB', min_wal_size: '32MB' }, disk.folder);
  await postgres.start();
  const service = await startService({ DATABASE_URL: postgres.url, MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0' });
  const start = () => query(service.graphqlUrl, START, { input: { userInput: 'a lamp '.repeat(400) } });
  const codes = new Set<unknown>();
  try {
    await start();
    await disk.fill();
    // Until the free space inside of the tables is used up.
    await waitFor('a refusal', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, start));
      for (const answer of answers) codes.add(answer.data ? 'started' : codeOf(answer));
      return codes.has('SERVICE_UNAVAILABLE');
    });
    expect([...codes].filter((code) => code !== 'started')).toEqual(['SERVICE_UNAVAILABLE']);
    const report = await waitFor('not ready', async () => {
      const { status, reasons } = await readinessOf(service);
      return status === 503 && reasons;
    });
    expect(report).toMatchObject({ database: 'the disk of PostgreSQL is full' });
    await disk.free();
    await waitFor('ready', async () => (await readinessOf(service)).status === 200);
    expect((await start()).data).toBeTruthy();
    await waitFor('every workflow to end', async () => {
      await sleep(200);
      const unfinished = await postgres.execute(`select from workflows where status <> 'succeeded'`);
      return unfinished.length === 0;
    });
  } finally {
    await service.stop();
    await postgres.stop();
    await disk.unmount();
  }
});
