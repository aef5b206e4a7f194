import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGENT_NAMES, type AgentName } from '../../../../src/orchestrator/domain/agents.ts';
import {
  advance,
  type ChainState,
  type Decision,
  initialChain,
  MAX_INTERRUPTIONS,
} from '../../../../src/orchestrator/domain/chain.ts';
import type { AttemptFailure } from '../../../../src/orchestrator/domain/failure.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../../../src/orchestrator/domain/retry-policy.ts';
import { isStepFinished, isWorkflowFinished } from '../../../../src/orchestrator/domain/workflow.ts';
import { agentName, type Fate, fate, retryPolicy } from './arbitraries.ts';

const TIMEOUT: AttemptFailure = { code: 'TIMEOUT', message: 'no answer within 30 s', final: false };

type Call = { agent: AgentName; attempt: number; delayMs: number };
type Story = { calls: Call[]; attempts: Record<AgentName, number>; finishes: Decision[]; state: ChainState };

/** Drives the chain to its end; `fateOf` decides each call. */
function play(policy: RetryPolicy, fateOf: (agent: AgentName, nth: number) => Fate, from?: AgentName): Story {
  const calls: Call[] = [];
  const finishes: Decision[] = [];
  const attempts: Record<AgentName, number> = { story: 0, asset: 0, code: 0, deploy: 0 };
  let { state, decisions } = advance(initialChain(from), { type: 'started' }, policy);
  for (let round = 0; round < 500; round += 1) {
    finishes.push(...decisions.filter((decision) => decision.type === 'finish'));
    const call = decisions.find((decision) => decision.type === 'call');
    if (call === undefined) return { calls, attempts, finishes, state };
    calls.push({ agent: call.agent, attempt: call.attempt, delayMs: call.delayMs });
    ({ state, decisions } = makeCall(state, call.agent, policy, fateOf, attempts));
  }
  throw new Error('the chain does not end');
}

function makeCall(
  state: ChainState,
  agent: AgentName,
  policy: RetryPolicy,
  fateOf: (agent: AgentName, nth: number) => Fate,
  attempts: Record<AgentName, number>,
) {
  let after = advance(state, { type: 'attemptStarted', agent }, policy);
  for (;;) {
    attempts[agent] += 1;
    const next = fateOf(agent, attempts[agent]);
    if (next.type === 'succeeds') return advance(after.state, { type: 'attemptSucceeded', agent }, policy);
    if (next.type === 'fails') {
      return advance(after.state, { type: 'attemptFailed', agent, failure: next.failure }, policy);
    }
    after = advance(after.state, { type: 'attemptStarted', agent, interruption: 'interrupted' }, policy);
    if (isStepFinished(after.state.steps[agent].status)) return after;
  }
}

describe('the chain', () => {
  test('the chain calls the four agents in order and succeeds when all of them do', () => {
    const story = play(DEFAULT_RETRY_POLICY, () => ({ type: 'succeeds' }));
    expect(story.calls.map((call) => call.agent)).toEqual(AGENT_NAMES);
    expect(story.finishes).toEqual([{ type: 'finish', status: 'succeeded' }]);
  });

  test('failed attempts are followed by waits of 2 s, 4 s and, with a fourth attempt, 8 s', () => {
    const policy = { ...DEFAULT_RETRY_POLICY, maxAttempts: 4 };
    const story = play(policy, () => ({ type: 'fails', failure: TIMEOUT }));
    expect(story.calls.filter((call) => call.agent === 'story').map((call) => call.delayMs)).toEqual([
      0, 2_000, 4_000, 8_000,
    ]);
  });

  test('the last allowed attempt is made, and none after it', () => {
    const story = play(DEFAULT_RETRY_POLICY, () => ({ type: 'fails', failure: TIMEOUT }));
    expect(story.attempts).toEqual({ story: 3, asset: 3, code: 3, deploy: 3 });
  });

  test("Retry-After lengthens a wait, up to the policy's maximum", () => {
    const waits = [500, 3_000, 90_000].map((retryAfterMs) => {
      const story = play(DEFAULT_RETRY_POLICY, (_agent, nth) =>
        nth === 1 ? { type: 'fails', failure: { ...TIMEOUT, retryAfterMs } } : { type: 'succeeds' },
      );
      return story.calls[1]?.delayMs;
    });
    expect(waits).toEqual([2_000, 3_000, 30_000]);
  });

  test('a step fails at once when the agent marks its failure as final', () => {
    const story = play(DEFAULT_RETRY_POLICY, (agent) =>
      agent === 'asset'
        ? { type: 'fails', failure: { ...TIMEOUT, code: 'REFUSED', final: true } }
        : { type: 'succeeds' },
    );
    expect(story.attempts.asset).toBe(1);
    expect(story.attempts.deploy).toBe(1);
    expect(story.finishes).toEqual([{ type: 'finish', status: 'failed' }]);
  });

  test('a deployment is announced even if an earlier step failed', () => {
    const { state } = play(DEFAULT_RETRY_POLICY, (agent) =>
      agent === 'story' ? { type: 'fails', failure: { ...TIMEOUT, final: true } } : { type: 'succeeds' },
    );
    const beforeEnd: ChainState = {
      status: 'running',
      steps: { ...state.steps, deploy: { ...state.steps.deploy, status: 'running' } },
    };
    const { decisions } = advance(beforeEnd, { type: 'attemptSucceeded', agent: 'deploy' }, DEFAULT_RETRY_POLICY);
    expect(decisions).toEqual([{ type: 'announceDeployment' }, { type: 'finish', status: 'failed' }]);
  });

  test('a step fails when its worker process has died five times, all under one attempt number', () => {
    const story = play(DEFAULT_RETRY_POLICY, (agent) => ({ type: agent === 'code' ? 'dies' : 'succeeds' }));
    expect(story.attempts.code).toBe(MAX_INTERRUPTIONS);
    expect(story.state.steps.code).toMatchObject({ status: 'failed', attempt: 1, failure: { code: 'INTERRUPTED' } });
    expect(story.attempts.deploy).toBe(1);
  });

  test('a call that is handed over keeps its attempt number, and is not counted as a death', () => {
    const started = advance(initialChain(), { type: 'started' }, DEFAULT_RETRY_POLICY).state;
    const running = advance(started, { type: 'attemptStarted', agent: 'story' }, DEFAULT_RETRY_POLICY).state;
    const again = advance(
      running,
      { type: 'attemptStarted', agent: 'story', interruption: 'handedOver' },
      DEFAULT_RETRY_POLICY,
    );
    expect(again.state.steps.story).toMatchObject({ attempt: 1, interruptions: 0, status: 'running' });
  });

  test('a retry starts at the requested agent and keeps the results before it', () => {
    const story = play(DEFAULT_RETRY_POLICY, () => ({ type: 'succeeds' }), 'code');
    expect(story.calls.map((call) => call.agent)).toEqual(['code', 'deploy']);
    expect(story.finishes).toEqual([{ type: 'finish', status: 'succeeded' }]);
  });

  test('cancelling keeps the steps that succeeded and cancels the others', () => {
    const started = advance(initialChain('asset'), { type: 'started' }, DEFAULT_RETRY_POLICY).state;
    const { state, decisions } = advance(started, { type: 'cancelled' }, DEFAULT_RETRY_POLICY);
    expect(AGENT_NAMES.map((agent) => state.steps[agent].status)).toEqual([
      'succeeded',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    expect(decisions).toEqual([{ type: 'finish', status: 'cancelled' }]);
  });

  test('an event that is impossible in the current state throws', () => {
    const { state } = play(DEFAULT_RETRY_POLICY, () => ({ type: 'succeeds' }));
    for (const type of ['started', 'cancelled'] as const) {
      expect(() => advance(state, { type }, DEFAULT_RETRY_POLICY)).toThrow('is impossible');
    }
    expect(() => advance(state, { type: 'attemptStarted', agent: 'story' }, DEFAULT_RETRY_POLICY)).toThrow();
  });
});

describe('the chain with any sequence of outcomes', () => {
  const fates = () => fc.array(fate(), { minLength: 1, maxLength: 60 });
  const repeating = (list: Fate[]) => {
    let next = 0;
    return (): Fate => list[next++ % list.length] ?? { type: 'succeeds' };
  };

  test('the chain ends exactly once, in one final status, within four times the maximum attempts', () => {
    fc.assert(
      fc.property(retryPolicy(), fates(), (policy, list) => {
        const { state, finishes, calls } = play(policy, repeating(list));
        expect(finishes).toHaveLength(1);
        expect(isWorkflowFinished(state.status)).toBe(true);
        expect(calls.length).toBeLessThanOrEqual(4 * policy.maxAttempts);
        expect(state.status === 'succeeded').toBe(AGENT_NAMES.every((a) => state.steps[a].status === 'succeeded'));
      }),
    );
  });

  test('Property 45: every agent is called, in order, whichever of them exhaust their attempts', () => {
    fc.assert(
      fc.property(retryPolicy(), fc.subarray([...AGENT_NAMES]), (policy, failing) => {
        const { state, calls } = play(policy, (agent) =>
          failing.includes(agent) ? { type: 'fails', failure: TIMEOUT } : { type: 'succeeds' },
        );
        expect([...new Set(calls.map((call) => call.agent))]).toEqual(AGENT_NAMES);
        for (const agent of AGENT_NAMES) {
          expect(state.steps[agent].status).toBe(failing.includes(agent) ? 'failed' : 'succeeded');
          expect(state.steps[agent].attempt).toBe(failing.includes(agent) ? policy.maxAttempts : 1);
        }
        expect(state.status).toBe(failing.length === 0 ? 'succeeded' : 'failed');
      }),
    );
  });

  test('Property 44: the waits of an agent are exactly min(initial × multiplier^(n−2), max)', () => {
    fc.assert(
      fc.property(retryPolicy(), agentName(), fc.integer({ min: 0, max: 7 }), (policy, agent, failures) => {
        const { calls } = play(policy, (called, nth) =>
          called === agent && nth <= failures ? { type: 'fails', failure: TIMEOUT } : { type: 'succeeds' },
        );
        const waits = calls.filter((call) => call.agent === agent).map((call) => call.delayMs);
        const made = Math.min(failures + 1, policy.maxAttempts);
        const expected = Array.from({ length: made }, (_, index) =>
          index === 0 ? 0 : Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.multiplier ** (index - 1)),
        );
        expect(waits).toEqual(expected);
        expect(calls.filter((call) => call.agent !== agent).every((call) => call.attempt === 1)).toBe(true);
      }),
    );
  });

  test('an agent whose step has ended is never called again', () => {
    fc.assert(
      fc.property(retryPolicy(), fates(), (policy, list) => {
        const { calls } = play(policy, repeating(list));
        const order = calls.map((call) => AGENT_NAMES.indexOf(call.agent));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});
