import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { AGENT_NAMES, byAgent } from '../../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { hang } from '../../support/agents/scripted-answers.ts';
import { exhausted, scenarioOf } from '../../support/agents/simulated-agents.ts';
import { createSimulatedOrchestrator } from '../../support/library/simulated-orchestrator.ts';

describe('aborting a workflow', () => {
  test('an abort closes the call in flight and ends the workflow as idle, without a reward', async () => {
    const agents = await startScriptedAgents({ asset: hang });
    onTestFinished(() => agents.close());
    const world = createSimulatedOrchestrator(scenarioOf({}), {
      fetch: undefined,
      agents: byAgent((name) => ({ url: agents.urls[name] })),
    });
    const controller = new AbortController();
    const run = world.run({ signal: controller.signal });
    const call = await agents.waitForCall('asset');
    expect(world.orchestrator.getWorkflowState('room')?.currentAgent).toBe('AssetAgent');
    controller.abort();
    const state = await run;
    expect(await call.closed).toBe(true);
    expect(world.of('status').map(({ status }) => status)).toEqual(['idle']);
    expect(world.of('reward')).toEqual([]);
    expect(world.events().at(-1)).toBe('workflow.finished');
    expect(state).toMatchObject({ currentAgent: null, completedAgents: ['StoryAgent'], failedAgents: [] });
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'asset']);
  });

  test('an abort ends the delay before a retry, even if `sleep` ignores its signal', async () => {
    const controller = new AbortController();
    const sleep = () => {
      controller.abort();
      return new Promise(() => {});
    };
    const world = createSimulatedOrchestrator(exhausted(['story']), { sleep });
    await world.run({ signal: controller.signal });
    expect(world.of('status').map(({ status }) => status)).toEqual(['idle']);
  });

  test('an abort before the first call prevents it, and one along with the last response still counts', async () => {
    const before = createSimulatedOrchestrator(scenarioOf({}));
    await before.run({ signal: AbortSignal.abort() });
    expect(before.of('call')).toEqual([]);

    const controller = new AbortController();
    const last = createSimulatedOrchestrator(scenarioOf({}), {
      callback: (event) =>
        event.type === 'line' && event.metadata?.['event'] === 'deployment.completed' && controller.abort(),
    });
    await last.run({ signal: controller.signal });
    for (const world of [before, last]) expect(world.of('status').map(({ status }) => status)).toEqual(['idle']);
    expect(last.of('reward')).toEqual([]);
  });
});

/** Aborts a number of microtasks after AssetAgent was called. `after` is what happens from then on. */
async function abortAfter(microtasks: number) {
  const controller = new AbortController();
  let before = 0;
  let completed: unknown;
  const world = createSimulatedOrchestrator(scenarioOf({}), {
    fetch: async (input) => {
      const agent = AGENT_NAMES.find((name) => new URL(String(input)).hostname === `${name}.test`) ?? 'story';
      if (agent === 'asset') void abort();
      return Response.json(GOOD_ANSWERS[agent]);
    },
  });
  async function abort(): Promise<void> {
    for (let passed = 0; passed < microtasks; passed += 1) await Promise.resolve();
    before = world.recorded.length;
    completed = world.orchestrator.getWorkflowState('room')?.completedAgents;
    controller.abort();
  }
  const state = await world.run({ signal: controller.signal });
  return { completed, state, after: world.recorded.slice(before) };
}

test('after an abort, whenever it comes, no response is used and nothing starts; only the end is reported', async () => {
  const seen = new Set<string>();
  // Until aborts have come before and after AssetAgent's response, and after CodeAgent's.
  for (let microtasks = 0; !seen.has('StoryAgent,AssetAgent,CodeAgent'); microtasks += 1) {
    const { completed, state, after } = await abortAfter(microtasks);
    seen.add(String(completed));
    expect(state?.completedAgents).toEqual(completed);
    const reported = after.map((event) => (event.type === 'line' ? event.metadata?.['event'] : event.type));
    expect(reported).toEqual(['status', 'workflow.finished']);
  }
  expect(seen.size).toBe(3);
});

describe('failing callbacks', () => {
  test('a callback that fails is named in the log, and the reward is paid although the status callback failed', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({}), {
      callback: ({ type }) => {
        if (type !== 'line') throw new Error(`no ${type} today`);
      },
    });
    await world.run();
    expect(world.of('reward')).toHaveLength(1);
    const failures = world.of('line').filter(({ metadata }) => metadata?.['event'] === 'callback.failed');
    expect(failures.map(({ level, metadata }) => [level, metadata?.['callback'], metadata?.['error']])).toEqual([
      ['error', 'updateRoomStatus', 'no status today'],
      ['error', 'rewardUser', 'no reward today'],
    ]);
    expect(world.events()).not.toContain('reward.paid');
  });

  test('a callback that never settles delays a workflow for a limited time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const world = createSimulatedOrchestrator(scenarioOf({}), { callback: () => new Promise(() => {}) });
    let isOver = false;
    const run = world.run().then(() => {
      isOver = true;
    });
    for (let second = 0; !isOver && second < 100; second += 1) await vi.advanceTimersByTimeAsync(1_000);
    await run;
    expect(world.of('reward')).toHaveLength(1);
    expect(world.events().at(-1)).toBe('workflow.finished');
    expect(vi.getTimerCount()).toBe(0);
  });
});
