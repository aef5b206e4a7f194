import { afterEach, expect } from 'vitest';
import { logText } from '../../support/clients/room-log-clients.ts';
import { test } from '../../support/engine/fixtures.ts';
import { startService } from '../../support/processes/service-process.ts';
import { startWorkflow } from '../../support/publish/start-workflow.ts';
import { startVercel } from '../../support/publish/vercel-server.ts';
import { startApp } from '../../support/server/test-app.ts';
import { waitFor } from '../../support/wait-for.ts';

const TOKEN = 'vercel-token-of-a-test';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('after kill -9 while Vercel builds, the workflow ends with the one deployment that was made', async ({
  database,
  rows,
}) => {
  const vercel = await startVercel({ token: TOKEN });
  closing.push(vercel.close);
  vercel.states = Array.from({ length: 10_000 }, () => 'BUILDING');
  const env = { DATABASE_URL: database.url, VERCEL_TOKEN: TOKEN, VERCEL_API_URL: vercel.url, LOG_LEVEL: 'trace' };
  const first = await startService(env);
  const { workflowId, roomId } = await startWorkflow(first.graphqlUrl);
  await waitFor('a poll', () => vercel.calls.some((call) => call.startsWith('GET /v13')));
  await first.stop('SIGKILL');
  for (const deployment of vercel.deployments) deployment.states = ['READY'];

  const second = await startApp(env);
  closing.push(second.close);
  expect(await rows.ended(workflowId)).toMatchObject({ status: 'succeeded' });
  expect(vercel.deployments).toHaveLength(1);
  const { deploy } = await rows.steps(workflowId);
  expect(deploy.result).toMatchObject({ deploymentUrl: `${vercel.url}/dpl_1`, deploymentId: 'dpl_1' });
  const seen = await logText(second.endpoint, roomId, {});
  expect(seen).toContain('Continuing with the deployment to Vercel that was made before');
  expect(`${seen}${first.output()}${second.log()}`).not.toContain(TOKEN);
}, 120_000);
