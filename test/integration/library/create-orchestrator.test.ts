import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { createOrchestrator } from '../../../src/index.ts';

/** Nothing listens on port 1. */
const nowhere = (path = '') => ({ url: `http://user:secret@127.0.0.1:1${path}?token=secret` });

async function runWithoutAgents(options: Parameters<typeof createOrchestrator>[3] = {}) {
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  onTestFinished(() => warnings.mockRestore());
  const statuses: string[] = [];
  const { orchestrator, logEmitter } = createOrchestrator(
    (_room, status) => statuses.push(status),
    () => undefined,
    inject('redisUrl'),
    {
      agents: { story: nowhere('/tales/'), asset: nowhere(), code: nowhere(), deploy: nowhere() },
      retry: { maxAttempts: 2, initialDelayMs: 0 },
      ...options,
    },
  );
  onTestFinished(() => logEmitter.close());
  await orchestrator.executeWorkflow('room', 'a lamp');
  await orchestrator.executeWorkflow('room', 'a lamp');
  expect(statuses).toEqual(['error', 'error']);
  return warnings.mock.calls;
}

test('a process warning names each agent that cannot be reached and its URL, once and without the password', async () => {
  const warnings = await runWithoutAgents();
  expect(warnings).toHaveLength(4);
  expect(warnings[0]).toEqual([
    'Cannot call StoryAgent at http://127.0.0.1:1/tales: 127.0.0.1:1 refused the connection. ' +
      'Start the agent, or set STORY_AGENT_URL or the option agents.story.url.',
    { code: 'AGENT_UNREACHABLE' },
  ]);
  expect(warnings.map(([warning]) => /(?<=Cannot call )\w+/.exec(String(warning))?.[0])).toEqual([
    'StoryAgent',
    'AssetAgent',
    'CodeAgent',
    'DeployAgent',
  ]);
});

test('a replaced fetch that fails emits no process warning', async () => {
  expect(await runWithoutAgents({ fetch: () => Promise.reject(new Error('offline')) })).toEqual([]);
});
