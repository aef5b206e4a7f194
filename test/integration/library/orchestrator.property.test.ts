import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGENT_NAMES, AGENT_TITLES } from '../../../src/orchestrator/domain/agents.ts';
import {
  anyAgents,
  anyScenario,
  exhausted,
  isRetryable,
  isSuccess,
  retryableFailure,
  scenarioOf,
} from '../../support/agents/simulated-agents.ts';
import { expectValidWorkflowLog } from '../../support/engine/workflow-log.ts';
import { misbehavingCallbacks } from '../../support/library/misbehaving-callbacks.ts';
import { createSimulatedOrchestrator } from '../../support/library/simulated-orchestrator.ts';
import { agentName, retryPolicy } from '../../unit/orchestrator/domain/arbitraries.ts';

const RUNS = { numRuns: 150 };

describe('Property 44: retry with exponential backoff', () => {
  test('the delay before attempt n is exactly min(initial × multiplier^(n−2), max), and no agent gets more attempts than allowed', async () => {
    const property = fc.asyncProperty(
      retryPolicy(),
      agentName(),
      fc.array(retryableFailure(), { maxLength: 10 }),
      async (retry, agent, failures) => {
        const world = createSimulatedOrchestrator(scenarioOf({ [agent]: failures }), { retry });
        const state = await world.run();
        const attempts = Math.min(failures.length + 1, retry.maxAttempts);
        const waits = Array.from({ length: attempts - 1 }, (_, n) =>
          Math.min(retry.initialDelayMs * retry.multiplier ** n, retry.maxDelayMs),
        );
        expect(world.waitsOf(agent)).toEqual(waits);
        expect(world.of('wait')).toHaveLength(waits.length);
        expect(world.callsOf(agent)).toHaveLength(attempts);
        expect(state?.retryCount[AGENT_TITLES[agent] as 'StoryAgent']).toBe(attempts - 1);
      },
    );
    await fc.assert(property, RUNS);
  });

  test('each agent’s attempts and delays are independent of the other agents’', async () => {
    const property = fc.asyncProperty(retryPolicy(), anyScenario(), async (retry, scenario) => {
      const world = createSimulatedOrchestrator(scenario, { retry });
      await world.run();
      for (const agent of AGENT_NAMES) {
        const single = createSimulatedOrchestrator(scenarioOf({ [agent]: scenario[agent] }), { retry });
        await single.run();
        expect(world.callsOf(agent)).toHaveLength(single.callsOf(agent).length);
        expect(world.waitsOf(agent)).toEqual(single.waitsOf(agent));
      }
    });
    await fc.assert(property, RUNS);
  });
});

describe('Property 45: workflow continuation after agent failure', () => {
  test('after an agent has failed the remaining ones are called in order with the results so far; the room ends in error, without a reward', async () => {
    const property = fc.asyncProperty(retryPolicy(), anyAgents(), async (retry, failing) => {
      const world = createSimulatedOrchestrator(exhausted(failing), { retry });
      const state = await world.run({ userId: 'ann' });
      expect([...new Set(world.of('call').map(({ agent }) => agent))]).toEqual(AGENT_NAMES);

      const good = (agent: (typeof AGENT_NAMES)[number]) => !failing.includes(agent);
      const story = good('story') ? 'The lamp went out. Somebody lit it again.' : 'a lamp';
      const image = good('asset') ? { imageCid: 'image-cid' } : {};
      const imageUrl = good('asset') ? { imageUrl: 'http://127.0.0.1/image.svg' } : {};
      const theme = good('asset') ? 'a lamp in fog' : good('story') ? 'The lamp went out.' : 'a lamp';
      const expected = {
        story: { input: 'a lamp', userId: 'ann', roomId: 'room' },
        asset: { story, ...(good('story') && { storySummary: 'A lamp.' }), userId: 'ann', roomId: 'room' },
        code: { story, imageTheme: theme, ...image, ...imageUrl, roomId: 'room' },
        deploy: good('code')
          ? { codeCid: 'code-cid', roomId: 'room' }
          : { codeCid: null, story, ...image, roomId: 'room' },
      };
      for (const { agent, body } of world.of('call')) expect(body).toEqual(expected[agent]);

      const titles = failing.map((agent) => AGENT_TITLES[agent]);
      const isDone = failing.length === 0;
      expect(state?.failedAgents).toEqual(titles);
      expect(world.of('status')).toEqual([{ type: 'status', roomId: 'room', status: isDone ? 'done' : 'error' }]);
      expect(world.of('reward')).toHaveLength(isDone ? 1 : 0);
      const last = world.of('line').at(-1);
      for (const title of titles) expect(last?.message).toContain(title);
      expect(last?.metadata?.['failedAgents'] ?? []).toEqual(failing);
    });
    await fc.assert(property, RUNS);
  });
});

describe('any sequence of responses and callbacks', () => {
  test('a workflow ends exactly once, its log is consistent, and a reward is paid at most once', async () => {
    const property = fc.asyncProperty(retryPolicy(), anyScenario(), async (retry, scenario) => {
      const world = createSimulatedOrchestrator(scenario, { retry });
      await world.run();
      expectValidWorkflowLog(world.of('line'));
      const succeeded = AGENT_NAMES.every((agent) => {
        const [decisive] = scenario[agent].slice(0, retry.maxAttempts).filter((answer) => !isRetryable(answer));
        return decisive === undefined ? scenario[agent].length < retry.maxAttempts : isSuccess(decisive);
      });
      expect(world.of('status').map(({ status }) => status)).toEqual([succeeded ? 'done' : 'error']);
      expect(world.of('reward').map(({ amount }) => amount)).toEqual(succeeded ? [10] : []);
      expect(world.of('call').length).toBeLessThanOrEqual(4 * retry.maxAttempts);
    });
    await fc.assert(property, RUNS);
  });

  test('a workflow never throws and reports its end once, whatever its callbacks do', async () => {
    const property = fc.asyncProperty(
      anyScenario(),
      fc.array(misbehavingCallbacks(), { minLength: 1, maxLength: 20 }),
      async (scenario, list) => {
        let calls = 0;
        const callback = () => list[calls++ % list.length]?.();
        const world = createSimulatedOrchestrator(scenario, { callback });
        await expect(world.orchestrator.executeWorkflow('room', 'a lamp')).resolves.toBeUndefined();
        expect(world.of('status')).toHaveLength(1);
        expect(world.of('reward').length).toBeLessThanOrEqual(1);
        expect(world.events().filter((event) => event === 'workflow.finished')).toHaveLength(1);
        expect(world.events().at(-1)).toBe('workflow.finished');
      },
    );
    await fc.assert(property, RUNS);
  });
});
