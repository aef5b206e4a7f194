import { expect } from 'vitest';
import { agentTrouble } from '../../../src/agents/agent-health.ts';
import { redirect, text } from '../../support/scripted-answers.ts';
import { test } from '../../support/service.ts';

test('an agent that can work answers GET /health with 200, and anything else is told', async ({ agents }) => {
  const { urls } = agents;
  expect(await agentTrouble(urls.story)).toBeNull();
  agents.health.asset = text('', { status: 503 });
  expect(await agentTrouble(urls.asset)).toMatch(/^127\.0\.0\.1:\d+ answers GET \/health with 503$/);
  agents.health.code = redirect(urls.story);
  expect(await agentTrouble(urls.code)).toContain('302');
  await agents.stop('deploy');
  const withPassword = urls.deploy.replace('http://', 'http://me:secret@');
  expect(await agentTrouble(withPassword)).toMatch(/^127\.0\.0\.1:\d+ does not answer GET \/health \(.+\)$/);
  expect(await agentTrouble(withPassword)).not.toContain('secret');
});
