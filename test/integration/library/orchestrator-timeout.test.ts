import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ExecuteOptions, OrchestratorService } from '../../../src/index.ts';
import { AGENT_NAMES, type AgentName, byAgent } from '../../../src/orchestrator/domain/agents.ts';
import { type AgentScript, GOOD_ANSWERS, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { after, hang, hangInBody, json, stream } from '../../support/agents/scripted-answers.ts';

const DEFAULTS_MS: Record<AgentName, number> = { story: 30_000, asset: 60_000, code: 60_000, deploy: 120_000 };

/** Records failures by their code, because the messages are for people. */
function createRecorder() {
  const codes: unknown[] = [];
  const statuses: string[] = [];
  const emitLog = (...[, , , , metadata]: [string, string, string, string, Record<string, unknown>?]) => {
    if (metadata?.['errorCode'] !== undefined) codes.push([metadata['agent'], metadata['errorCode']]);
  };
  return { codes, statuses, emitLog, updateRoomStatus: (_room: string, status: string) => void statuses.push(status) };
}

describe('the time limit of an attempt', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  /** Responds for every agent but one, which never responds. `called` resolves to that call's signal. */
  function withSilent(silent: AgentName, options: ConstructorParameters<typeof OrchestratorService>[3] = {}) {
    const { promise: called, resolve } = Promise.withResolvers<AbortSignal>();
    const recorder = createRecorder();
    const agents = byAgent((name) => ({ url: `http://${name}.test`, ...options.agents?.[name] }));
    const orchestrator = new OrchestratorService(recorder.emitLog, recorder.updateRoomStatus, () => {}, {
      retry: { maxAttempts: 1 },
      agents,
      fetch: (input, init) => {
        const agent = new URL(String(input)).hostname.replace('.test', '') as AgentName;
        if (agent !== silent) return Promise.resolve(Response.json(GOOD_ANSWERS[agent]));
        resolve(init?.signal as AbortSignal);
        return new Promise(() => {});
      },
    });
    return { ...recorder, called, ended: orchestrator.executeWorkflow('room', 'a lamp') };
  }

  async function expectLimit(agent: AgentName, limitMs: number, options = {}): Promise<void> {
    const { called, ended, codes, statuses } = withSilent(agent, options);
    const signal = await called;
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal.aborted).toBe(true);
    await ended;
    expect(codes).toEqual([[agent, 'TIMEOUT']]);
    expect(statuses).toEqual(['error']);
    expect(vi.getTimerCount()).toBe(0);
  }

  test.each(AGENT_NAMES)('the time limit has the documented default: %s', (agent) =>
    expectLimit(agent, DEFAULTS_MS[agent]),
  );

  test.each(AGENT_NAMES)('the time limit can be set by an option: %s', (agent) =>
    expectLimit(agent, 1_234, { agents: { [agent]: { timeoutMs: 1_234 } } }),
  );

  test.each(AGENT_NAMES)(
    'the time limit can be set by an environment variable, which the constructor reads: %s',
    (agent) => {
      vi.stubEnv(`${agent.toUpperCase()}_AGENT_TIMEOUT_MS`, '4321');
      return expectLimit(agent, 4_321);
    },
  );

  test('agents that respond in time leave no timer behind', async () => {
    const { statuses, emitLog, updateRoomStatus } = createRecorder();
    const orchestrator = new OrchestratorService(emitLog, updateRoomStatus, () => {}, {
      fetch: (input) => Promise.resolve(Response.json(GOOD_ANSWERS[agentAt(String(input))])),
    });
    await orchestrator.executeWorkflow('room', 'a lamp');
    expect(statuses).toEqual(['done']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the delays between attempts', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** StoryAgent always fails; `calls` counts its calls. */
  function withRefusing(options?: ExecuteOptions) {
    const calls = vi.fn(() => new Response(null, { status: 500 }));
    const { emitLog, updateRoomStatus, statuses } = createRecorder();
    const orchestrator = new OrchestratorService(emitLog, updateRoomStatus, () => {}, {
      fetch: async (input) => {
        const agent = agentAt(String(input));
        return agent === 'story' ? calls() : Response.json(GOOD_ANSWERS[agent]);
      },
    });
    return { calls, statuses, ended: orchestrator.executeWorkflow('room', 'a lamp', options) };
  }

  test('retries have the documented default delays, by global timers that a user’s tests may replace', async () => {
    const { calls, statuses, ended } = withRefusing();
    await vi.advanceTimersByTimeAsync(0);
    for (const [attempt, waitMs] of [2_000, 4_000].entries()) {
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(calls).toHaveBeenCalledTimes(attempt + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(calls).toHaveBeenCalledTimes(attempt + 2);
    }
    await ended;
    expect(statuses).toEqual(['error']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an abort ends the delay before a retry and leaves no timer behind', async () => {
    const leaving = new AbortController();
    const { calls, statuses, ended } = withRefusing({ signal: leaving.signal });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toHaveBeenCalledTimes(1);
    leaving.abort();
    await ended;
    expect(statuses).toEqual(['idle']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** By the default ports. */
function agentAt(url: string): AgentName {
  const agent = AGENT_NAMES[Number(new URL(url).port) - 3002];
  if (agent === undefined) throw new Error(`no agent at ${url}`);
  return agent;
}

describe('an agent that exceeds its time limit', () => {
  async function run(script: AgentScript) {
    const agents = await startScriptedAgents({ story: script });
    onTestFinished(() => agents.close());
    const recorder = createRecorder();
    const orchestrator = new OrchestratorService(recorder.emitLog, recorder.updateRoomStatus, () => {}, {
      agents: {
        story: { url: agents.urls.story, timeoutMs: 1_000 },
        asset: { url: agents.urls.asset },
        code: { url: agents.urls.code },
        deploy: { url: agents.urls.deploy },
      },
      retry: { initialDelayMs: 0 },
    });
    await orchestrator.executeWorkflow('room', 'a lamp');
    return { agents, ...recorder, state: orchestrator.getWorkflowState('room') };
  }

  test.each([
    ['does not respond', hang],
    ['stops within its response', hangInBody],
    ['stops within a stream', () => stream([{ log: 'thinking' }], { end: false })],
  ])('an agent that %s sees its connection close, and is called again', async (_how, answer) => {
    const { agents, codes, statuses } = await run((_call, nth) => (nth === 1 ? answer() : undefined));
    expect(await agents.callsOf('story')[0]?.closed).toBe(true);
    expect(agents.callsOf('story')).toHaveLength(2);
    expect(codes).toEqual([['story', 'TIMEOUT']]);
    expect(statuses).toEqual(['done']);
  });

  test('a response that comes too late is ignored: the next attempt’s response counts', async () => {
    const late = Promise.withResolvers<void>();
    const { agents, state } = await run((call, nth) => {
      if (nth > 1) return json({ story: 'The second told it.' });
      void call.closed.then(() => late.resolve());
      return after(late.promise, json({ story: 'The first told it.' }));
    });
    expect(state?.results.StoryAgent).toEqual({ story: 'The second told it.' });
    expect(agents.callsOf('asset')[0]?.body).toMatchObject({ story: 'The second told it.' });
  });
});
