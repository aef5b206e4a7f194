import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import { json } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

test('a deploymentUrl is the same everywhere, as the URL parser writes it: in the result, the deployment and the log', async ({
  agents,
  database,
  start,
  rows,
}) => {
  agents.script.deploy = () => json({ success: true, deploymentUrl: 'https://bücher.example/a "lamp"<b>\n' });
  const deploymentUrl = 'https://xn--bcher-kva.example/a%20%22lamp%22%3Cb%3E';
  const { service } = await start();
  const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
  await rows.ended(workflow.id);

  const { deployments } = tables;
  const saved = await database.db.select().from(deployments).where(eq(deployments.workflowId, workflow.id));
  expect(saved).toMatchObject([{ deploymentUrl }]);
  expect((await rows.steps(workflow.id)).deploy.result).toMatchObject({ deploymentUrl });
  const lines = await rows.lines(room.id);
  expect(lines.find(({ metadata }) => metadata?.['event'] === 'deployment.completed')).toMatchObject({
    message: `Deployed: ${deploymentUrl}`,
    metadata: { deploymentUrl },
  });
});
