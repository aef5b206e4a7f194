import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { RetryPolicy } from '../../../src/orchestrator/domain/retry-policy.ts';
import { GOOD_ANSWERS, type ScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { type Answer, json, reset, stream, text } from '../../support/agents/scripted-answers.ts';
import {
  anyAgents,
  anyScenario,
  exhausted,
  isRetryable,
  isSuccess,
  type Scenario,
  type SimulatedAnswer,
} from '../../support/agents/simulated-agents.ts';
import { test } from '../../support/engine/fixtures.ts';
import { expectValidWorkflowLog } from '../../support/engine/workflow-log.ts';

/*
 * The laws of test/integration/library/orchestrator.property.test.ts, for the durable service over a real database.
 * Time is real here, so the waits are of a few ms, and one engine at a time has one policy.
 */
const POLICIES: RetryPolicy[] = [
  { maxAttempts: 1, initialDelayMs: 1, multiplier: 2, maxDelayMs: 3 },
  { maxAttempts: 2, initialDelayMs: 0, multiplier: 5, maxDelayMs: 1 },
  { maxAttempts: 3, initialDelayMs: 1, multiplier: 2, maxDelayMs: 3 },
  { maxAttempts: 4, initialDelayMs: 1, multiplier: 2, maxDelayMs: 3 },
];
/** For each of the four policies: a hundred in all. */
const RUNS = { numRuns: 25 };

function answerOf(agent: AgentName, answer: SimulatedAnswer): Answer {
  switch (answer.type) {
    case 'succeeds':
      return json(GOOD_ANSWERS[agent]);
    case 'streams':
      return stream([...answer.messages.map((log) => ({ log })), { result: GOOD_ANSWERS[agent] }]);
    case 'status': {
      const { status, retryAfterSeconds } = answer;
      return json(
        {},
        { status, headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': `${retryAfterSeconds}` } },
      );
    }
    case 'disconnects':
      return reset();
    case 'malformed':
      return text(answer.body);
    case 'permanentFailure':
      return json({ error: 'no', retryable: false }, { status: 422 });
  }
}

function play(agents: ScriptedAgents, scenario: Scenario): void {
  agents.calls.length = 0;
  for (const agent of AGENT_NAMES) {
    agents.script[agent] = (_call, nth) => answerOf(agent, scenario[agent][nth - 1] ?? { type: 'succeeds' });
  }
}

describe.each(POLICIES)('the durable service with at most $maxAttempts attempts', (policy) => {
  test('a workflow ends once, logs what happened, waits according to the policy, and pays at most once', async ({
    agents,
    start,
    rows,
  }) => {
    const { service, failures } = await start({ policy });
    const property = fc.asyncProperty(anyScenario(), async (scenario) => {
      play(agents, scenario);
      const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
      const ended = await rows.ended(workflow.id);
      const lines = await rows.lines(room.id);
      expectValidWorkflowLog(lines);

      const waits = lines.flatMap(({ metadata }) => (metadata?.['event'] === 'attempt.failed' ? [metadata] : []));
      for (const { attempt, delayMs, agent } of waits as { attempt: number; delayMs: number; agent: AgentName }[]) {
        const backoff = Math.min(policy.initialDelayMs * policy.multiplier ** (attempt - 1), policy.maxDelayMs);
        const answer = scenario[agent][attempt - 1];
        const asked = answer?.type === 'status' ? (answer.retryAfterSeconds ?? 0) * 1_000 : 0;
        expect(delayMs).toBe(Math.max(backoff, Math.min(asked, policy.maxDelayMs)));
      }
      const succeeded = AGENT_NAMES.every((agent) => {
        const [decisive] = scenario[agent].slice(0, policy.maxAttempts).filter((answer) => !isRetryable(answer));
        return decisive === undefined ? scenario[agent].length < policy.maxAttempts : isSuccess(decisive);
      });
      expect(ended.status).toBe(succeeded ? 'succeeded' : 'failed');
      expect((await rows.room(room.id)).status).toBe(succeeded ? 'done' : 'error');
      expect((await rows.rewards(workflow.id)).map(({ amount }) => amount)).toEqual(succeeded ? [10] : []);
      expect(agents.calls.length).toBeLessThanOrEqual(4 * policy.maxAttempts);
    });
    await fc.assert(property, RUNS);
    expect(failures).toEqual([]);
  });

  test('the agents after a failed one are called, in order, with the results there are', async ({
    agents,
    start,
    rows,
  }) => {
    const { service, failures } = await start({ policy });
    const property = fc.asyncProperty(anyAgents(), async (failing) => {
      play(agents, exhausted(failing));
      const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
      await rows.ended(workflow.id);
      const isGoodOne = (agent: AgentName) => !failing.includes(agent);
      expect(agents.calls.map(({ agent }) => agent)).toEqual(
        AGENT_NAMES.flatMap((agent) => Array(isGoodOne(agent) ? 1 : policy.maxAttempts).fill(agent)),
      );
      expect(agents.callsOf('asset')[0]?.body).toMatchObject({
        story: isGoodOne('story') ? GOOD_ANSWERS.story['story'] : 'a lamp',
      });
      expect(agents.callsOf('code')[0]?.body).toMatchObject({
        imageTheme: isGoodOne('asset') ? 'a lamp in fog' : isGoodOne('story') ? 'The lamp went out.' : 'a lamp',
      });
      expect(agents.callsOf('deploy')[0]?.body).toMatchObject({ codeCid: isGoodOne('code') ? 'code-cid' : null });
      expect((await rows.room(room.id)).status).toBe(failing.length === 0 ? 'done' : 'error');
      expect(await rows.rewards(workflow.id)).toHaveLength(failing.length === 0 ? 1 : 0);
    });
    await fc.assert(property, RUNS);
    expect(failures).toEqual([]);
  });
});
