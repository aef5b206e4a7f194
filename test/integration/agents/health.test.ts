import { expect } from 'vitest';
import { probeAgent } from '../../../src/agents/agent-health.ts';
import { redirect, text } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

test('an agent is healthy when GET /health responds with 200, and anything else is reported without its password', async ({
  agents,
}) => {
  const { urls } = agents;
  expect(await probeAgent(urls.story)).toBeNull();
  agents.health.asset = text('', { status: 503 });
  expect(await probeAgent(urls.asset)).toMatch(/^127\.0\.0\.1:\d+ responded to GET \/health with 503$/);
  agents.health.code = redirect(urls.story);
  expect(await probeAgent(urls.code)).toContain('302');
  await agents.stop('deploy');
  const withPassword = urls.deploy.replace('http://', 'http://me:secret@');
  expect(await probeAgent(withPassword)).toMatch(/^127\.0\.0\.1:\d+ did not respond to GET \/health \(.+\)$/);
  expect(await probeAgent(withPassword)).not.toContain('secret');
});
