import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { type Answer, hang, hangInBody, json, stream } from '../../support/agents/scripted-answers.ts';

/** Long enough for the agent to get the call on a busy machine. */
const LIMIT_MS = 1_000;
const TIMEOUT = {
  type: 'failed',
  failure: {
    code: 'TIMEOUT',
    final: false,
    message: expect.stringMatching(/^no complete response from 127\.0\.0\.1:\d+ within 1 s$/),
  },
};
let agents: ScriptedAgents;

beforeAll(async () => {
  agents = await startScriptedAgents();
});
beforeEach(() => agents.reset());
afterAll(() => agents.close());

const endlessStream: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const timer = setInterval(() => response.write('{"log":"still at it"}\n'), 5);
  response.on('close', () => clearInterval(timer));
};

describe('a timeout', () => {
  test.each<[string, Answer]>([
    ['before the head', hang()],
    ['within the body', hangInBody()],
    ['between two lines of a stream', stream([{ log: 'one' }], { end: false })],
    ['while the agent keeps streaming', endlessStream],
  ])('a timeout %s is TIMEOUT, and the agent’s connection is closed', async (_when, answer) => {
    agents.script.story = () => answer;
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS });
    expect(outcome).toEqual(TIMEOUT);
    expect(await agents.calls[0]?.closed).toBe(true);
  });

  test('the lines that arrived before a timeout are kept', async () => {
    agents.script.story = () => stream([{ log: 'one' }, { log: 'two' }], { end: false });
    const { lines } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS });
    expect(lines.map((line) => line.message)).toEqual(['one', 'two']);
  });

  test('an agent is cut off on time even while a line is being saved, and no line is saved after the outcome', async () => {
    agents.script.story = () => stream([{ log: 'one' }], { end: false });
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const call = attemptAgent(agents.urls, {
      timeoutMs: LIMIT_MS,
      onProgress: async () => {
        await gate.promise;
        order.push('saved');
      },
    }).then(() => order.push('outcome'));
    expect(await (await agents.waitForCall('story')).closed).toBe(true);
    gate.resolve();
    await call;
    expect(order).toEqual(['saved', 'outcome']);
  });

  test('an agent that responds in time succeeds, even if saving its lines takes longer', async () => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => stream([{ log: 'one' }, { result: { story: 'x' } }]);
    const call = attemptAgent(agents.urls, { timeoutMs: LIMIT_MS, onProgress: () => gate.promise });
    await (await agents.waitForCall('story')).closed;
    gate.resolve();
    expect((await call).outcome).toMatchObject({ type: 'succeeded' });
  });

  test('a timeout applies even when fetch ignores its signal', async () => {
    const ignoring: typeof fetch = () => new Promise(() => {});
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS, fetch: ignoring });
    expect(outcome).toEqual(TIMEOUT);
  });

  test('a timeout longer than a timer can measure does not fire at once', async () => {
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: 2 ** 40 });
    expect(outcome).toMatchObject({ type: 'succeeded' });
  });
});

describe('an aborted call', () => {
  const reason = new Error('cancelled');

  test.each<[string, Answer]>([
    ['before the head', hang()],
    ['within the body', hangInBody()],
    ['within a stream', stream([{ log: 'one' }], { end: false })],
  ])('a call aborted %s rejects with the reason, and its connection is closed', async (_when, answer) => {
    agents.script.story = () => answer;
    const controller = new AbortController();
    const call = attemptAgent(agents.urls, { signal: controller.signal });
    const received = await agents.waitForCall('story');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(await received.closed).toBe(true);
  });

  test('a call aborted while a line is being saved rejects without waiting for it', async () => {
    agents.script.story = () => stream([{ log: 'one' }], { end: false });
    const controller = new AbortController();
    const onProgress = () => {
      controller.abort(reason);
      return new Promise<void>(() => {});
    };
    await expect(attemptAgent(agents.urls, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test('a call whose signal is aborted already is never sent', async () => {
    await expect(attemptAgent(agents.urls, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(agents.calls).toEqual([]);
  });

  test('a call that ends without being aborted leaves no listeners on its signal', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = controller.signal;
    controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(controller.signal, args);
    };
    controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(controller.signal, args);
    };
    agents.script.story = (_call, nth) => (nth === 1 ? json({}) : hang());
    await attemptAgent(agents.urls, { signal: controller.signal });
    await attemptAgent(agents.urls, { signal: controller.signal, timeoutMs: LIMIT_MS });
    expect(listeners).toBe(0);
  });
});
