import { describe, expect } from 'vitest';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { hang, json, reset, stream } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

const refusal = () => json({ error: 'no such style', retryable: false }, { status: 422 });
const failing = (agents: readonly AgentName[]) => Object.fromEntries(agents.map((agent) => [agent, reset]));

describe('a room whose third agent keeps failing', () => {
  test('an agent that keeps failing stops after maxAttempts; the other results are kept, the next agent is called, and no reward is paid', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.code = () => json({ error: 'out of ideas' }, { status: 500 });
    const { service, failures } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });

    expect((await rows.ended(workflow.id)).status).toBe('failed');
    expect(agents.calls.map((call) => call.agent)).toEqual(['story', 'asset', 'code', 'code', 'code', 'deploy']);
    const steps = await rows.steps(workflow.id);
    expect(AGENT_NAMES.map((agent) => steps[agent].status)).toEqual(['succeeded', 'succeeded', 'failed', 'succeeded']);
    expect(steps.story.result).toMatchObject({ cid: 'story-cid' });
    expect(steps.code).toMatchObject({ errorCode: 'HTTP_STATUS', result: null, attempt: 3 });
    const attempts = await rows.attempts(workflow.id, 'code');
    expect(attempts.map(({ number, errorCode, httpStatus }) => ({ number, errorCode, httpStatus }))).toEqual(
      [1, 2, 3].map((number) => ({ number, errorCode: 'HTTP_STATUS', httpStatus: 500 })),
    );
    expect(await rows.room(room.id)).toMatchObject({
      status: 'error',
      error: expect.stringMatching(/^CodeAgent failed after 3 attempts: .*out of ideas/),
    });
    expect(await rows.rewards(workflow.id)).toEqual([]);
    expect(failures).toEqual([]);
  });

  test('a workflow without code is deployed all the same, and the deployment is announced', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.code = refusal;
    const { service } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    const [deploy] = agents.callsOf('deploy');
    expect(deploy?.body).toMatchObject({ codeCid: null, story: expect.any(String), imageCid: 'image-cid' });
    expect(await rows.events(room.id)).toContain('deployment.completed');
    expect((await rows.steps(workflow.id)).code).toMatchObject({ errorCode: 'REFUSED', attempt: 1 });
  });
});

describe('the log of a workflow with failures', () => {
  test('the log shows each attempt, each wait and each reason, and closes with the end of the workflow', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.asset = (_call, nth) =>
      nth < 3 ? json({}, { status: 503, headers: { 'Retry-After': '0' } }) : undefined;
    const { service, published } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    const lines = await rows.lines(room.id);
    expect(await rows.events(room.id)).toEqual([
      'workflow.started',
      ...['attempt.started', 'step.succeeded'],
      ...[
        'attempt.started',
        'attempt.failed',
        'attempt.started',
        'attempt.failed',
        'attempt.started',
        'step.succeeded',
      ],
      ...['attempt.started', 'step.succeeded', 'attempt.started', 'step.succeeded'],
      ...['deployment.completed', 'reward.paid', 'workflow.finished'],
    ]);
    expect(
      lines.filter(({ metadata }) => metadata?.['event'] === 'attempt.failed').map(({ metadata }) => metadata),
    ).toEqual([
      expect.objectContaining({ attempt: 1, errorCode: 'HTTP_STATUS', httpStatus: 503, nextAttempt: 2, delayMs: 20 }),
      expect.objectContaining({ attempt: 2, errorCode: 'HTTP_STATUS', httpStatus: 503, nextAttempt: 3, delayMs: 40 }),
    ]);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_line, index) => index + 1));
    expect(published.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq));
    expect((await rows.ended(workflow.id)).logEndSeq).toBe(lines.length);
  });

  test("an agent's progress is logged as that agent's lines, between the start and the end of the attempt", async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.story = () =>
      stream([
        { log: { level: 'info', message: 'dreaming\u001b[31m', metadata: { step: 1, emoji: '🦇' } } },
        { log: { level: 'warn', message: 'half awake' } },
        { result: { story: 'Once.' } },
      ]);
    const { service, failures } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    const lines = (await rows.lines(room.id)).slice(1, 5);
    expect(lines.map(({ agentType, level, message }) => [agentType, level, message])).toEqual([
      ['orchestrator', 'info', 'StoryAgent: attempt 1 of 3'],
      ['story', 'info', 'dreaming␛[31m'],
      ['story', 'warn', 'half awake'],
      ['orchestrator', 'success', expect.stringContaining('StoryAgent finished')],
    ]);
    expect(lines[1]?.metadata).toEqual({ step: 1, emoji: '🦇' });
    expect(failures).toEqual([]);
  });
});

describe('every subset of failing agents', () => {
  const subsets = Array.from({ length: 16 }, (_, bits) => AGENT_NAMES.filter((_agent, index) => bits & (1 << index)));

  test('whichever agents fail, the workflow ends once, every agent is called, and a reward is paid only if none failed', async ({
    agents,
    start,
    rows,
  }) => {
    const { service, failures } = await start();
    for (const subset of subsets) {
      Object.assign(agents.script, { story: undefined, asset: undefined, code: undefined, deploy: undefined });
      Object.assign(agents.script, failing(subset));
      const { workflow, room } = await service.start('local', { userInput: subset.join(' ') || 'none' });
      const ended = await rows.ended(workflow.id);
      const steps = await rows.steps(workflow.id);
      for (const agent of AGENT_NAMES) {
        expect(steps[agent]).toMatchObject(
          subset.includes(agent)
            ? { status: 'failed', attempt: 3, errorCode: 'CONNECTION' }
            : { status: 'succeeded', attempt: 1 },
        );
      }
      expect(ended.status).toBe(subset.length === 0 ? 'succeeded' : 'failed');
      expect((await rows.room(room.id)).status).toBe(subset.length === 0 ? 'done' : 'error');
      expect(await rows.rewards(workflow.id)).toHaveLength(subset.length === 0 ? 1 : 0);
      expect((await rows.events(room.id)).filter((event) => event === 'workflow.finished')).toHaveLength(1);
    }
    expect(failures).toEqual([]);
  });
});

describe('an agent that hangs', () => {
  test('an agent that hangs is cut off at its time limit, and the next attempt is made', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.story = (_call, nth) => (nth === 1 ? hang() : undefined);
    const { service } = await start({ timeoutMs: 300 });
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    const [first] = agents.callsOf('story');
    expect(await first?.closed).toBe(true);
    expect((await rows.attempts(workflow.id, 'story')).map(({ errorCode }) => errorCode)).toEqual(['TIMEOUT', null]);
  });
});

describe('the headers of a call', () => {
  test('all attempts of a step carry the same Idempotency-Key and the same trace', async ({ agents, start, rows }) => {
    agents.script.code = (_call, nth) => (nth === 1 ? reset() : undefined);
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    const calls = agents.callsOf('code');
    expect(calls.map(({ headers }) => headers['idempotency-key'])).toEqual([
      `${workflow.id}:code`,
      `${workflow.id}:code`,
    ]);
    for (const { headers } of agents.calls) {
      expect(headers['traceparent']).toMatch(new RegExp(`^00-${workflow.id.replaceAll('-', '')}-[0-9a-f]{16}-01$`));
    }
  });
});
