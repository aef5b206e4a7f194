import { describe, expect } from 'vitest';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../../support/agents/scripted-agents.ts';
import { after, hang, json } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

describe('continuing with the next agent', () => {
  test('a worker continues with the next agent itself: the change that saves one step takes the next', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.asset = hang;
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('asset');

    const { story, asset } = await rows.steps(workflow.id);
    expect(story).toMatchObject({ status: 'succeeded', leaseWorkerId: null });
    expect(asset).toMatchObject({ status: 'running', attempt: 1, leaseNumber: 1 });
    // Begun, story taken, story saved and asset taken.
    expect((await rows.workflow(workflow.id)).version).toBe(3);
  });

  test('a worker without a free slot leaves the next step to others, and no agent exceeds its concurrency', async ({
    agents,
    start,
    rows,
  }) => {
    const most = { story: 0, asset: 0, code: 0, deploy: 0 };
    const now = { story: 0, asset: 0, code: 0, deploy: 0 };
    const full = Promise.withResolvers<void>();
    for (const agent of AGENT_NAMES) {
      agents.script[agent] = () => async (response) => {
        now[agent] += 1;
        most[agent] = Math.max(most[agent], now[agent]);
        if (agent === 'asset' && now[agent] === 2) full.resolve();
        // No call of AssetAgent ends before both of its slots are taken.
        if (agent === 'asset') await full.promise;
        now[agent] -= 1;
        await json(GOOD_ANSWERS[agent])(response);
      };
    }
    const { service } = await start({ concurrency: 2 });
    const started = await Promise.all(
      Array.from({ length: 8 }, (_, index) => service.start('local', { userInput: `lamp ${index}` })),
    );
    for (const { workflow } of started) expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect(most.asset).toBe(2);
    for (const agent of AGENT_NAMES) expect(most[agent]).toBeLessThanOrEqual(2);
    expect(agents.calls).toHaveLength(8 * 4);
  });

  test('a cancellation between two agents closes the next call, or prevents it', async ({ agents, start, rows }) => {
    agents.script.asset = hang;
    const { service, failures } = await start();
    for (let round = 1; round <= 10; round += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      agents.script.story = () => after(promise, json(GOOD_ANSWERS.story));
      const { workflow } = await service.start('local', { userInput: `round ${round}` });
      await agents.waitForCall('story', round);
      resolve();
      await service.cancel('local', workflow.id);
      expect((await rows.steps(workflow.id)).asset).toMatchObject({ status: 'cancelled', leaseWorkerId: null });
    }
    for (const call of agents.callsOf('asset')) expect(await call.closed).toBe(true);
    expect(failures).toEqual([]);
  });
});
