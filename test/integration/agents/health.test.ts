import { expect } from 'vitest';
import { probeAgent } from '../../../src/agents/agent-health.ts';
import { redirect, text } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

test('an agent is healthy when GET /health responds with 200, and anything else is reported without its password', async ({
  agents,
}) => {
  const { urls } = agents;
  expect(await probeAgent(urls.story)).toEqual({ isHealthy: true, problem: null });
  agents.health.asset = text('', { status: 503 });
  expect(await probeAgent(urls.asset)).toEqual({
    isHealthy: false,
    problem: expect.stringMatching(/^127\.0\.0\.1:\d+ responded to GET \/health with 503$/),
  });
  agents.health.code = redirect(urls.story);
  expect(await probeAgent(urls.code)).toMatchObject({ isHealthy: false, problem: expect.stringContaining('302') });
  await agents.stop('deploy');
  const { isHealthy, problem } = await probeAgent(urls.deploy.replace('http://', 'http://me:secret@'));
  expect(isHealthy).toBe(false);
  expect(problem).toMatch(/^127\.0\.0\.1:\d+ did not respond to GET \/health \(.+\)$/);
  expect(problem).not.toContain('secret');
});

test('an agent without a health check is neither healthy nor unhealthy', async ({ agents }) => {
  agents.health.story = text('', { status: 404 });
  expect(await probeAgent(agents.urls.story)).toEqual({
    isHealthy: null,
    problem: expect.stringMatching(/ responded to GET \/health with 404$/),
  });
});
