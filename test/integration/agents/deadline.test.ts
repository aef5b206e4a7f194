import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attemptAgent } from '../../support/agent-attempt.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/scripted-agents.ts';
import { type Answer, hang, hangInBody, json, stream } from '../../support/scripted-answers.ts';

/** Long enough for the agent to get the call on a busy machine. */
const LIMIT_MS = 1_000;
const TIMEOUT = {
  type: 'failed',
  failure: {
    code: 'TIMEOUT',
    final: false,
    message: expect.stringMatching(/^no answer from 127\.0\.0\.1:\d+ within 1 s$/),
  },
};
let agents: ScriptedAgents;

beforeAll(async () => {
  agents = await startScriptedAgents();
});
beforeEach(() => agents.reset());
afterAll(() => agents.close());

const chatter: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const timer = setInterval(() => response.write('{"log":"still at it"}\n'), 5);
  response.on('close', () => clearInterval(timer));
};

describe('an agent that does not answer within the limit', () => {
  test.each<[string, Answer]>([
    ['before the head', hang()],
    ['within the body', hangInBody()],
    ['between two lines of a stream', stream([{ log: 'one' }], { end: false })],
    ['while it chatters on', chatter],
  ])('%s: TIMEOUT, and it sees its connection close', async (_when, answer) => {
    agents.script.story = () => answer;
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS });
    expect(outcome).toEqual(TIMEOUT);
    expect(await agents.calls[0]?.closed).toBe(true);
  });

  test('keeps the lines that came before', async () => {
    agents.script.story = () => stream([{ log: 'one' }, { log: 'two' }], { end: false });
    const { lines } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS });
    expect(lines.map((line) => line.message)).toEqual(['one', 'two']);
  });

  test('is cut off though a line is still being saved; no line is saved after the outcome', async () => {
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

  test('but has, before its lines are saved, does succeed', async () => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => stream([{ log: 'one' }, { result: { story: 'x' } }]);
    const call = attemptAgent(agents.urls, { timeoutMs: LIMIT_MS, onProgress: () => gate.promise });
    await (await agents.waitForCall('story')).closed;
    gate.resolve();
    expect((await call).outcome).toMatchObject({ type: 'succeeded' });
  });

  test('is given up even by a fetch that does not heed its signal', async () => {
    const deaf: typeof fetch = () => new Promise(() => {});
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: LIMIT_MS, fetch: deaf });
    expect(outcome).toEqual(TIMEOUT);
  });

  test('a limit longer than a timer can be does not strike at once', async () => {
    const { outcome } = await attemptAgent(agents.urls, { timeoutMs: 2 ** 40 });
    expect(outcome).toMatchObject({ type: 'succeeded' });
  });
});

describe('a call whose signal aborts', () => {
  const reason = new Error('cancelled');

  test.each<[string, Answer]>([
    ['before the head', hang()],
    ['within the body', hangInBody()],
    ['within a stream', stream([{ log: 'one' }], { end: false })],
  ])('%s rejects with its reason, and the agent sees its connection close', async (_when, answer) => {
    agents.script.story = () => answer;
    const controller = new AbortController();
    const call = attemptAgent(agents.urls, { signal: controller.signal });
    const received = await agents.waitForCall('story');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(await received.closed).toBe(true);
  });

  test('while a line is being saved rejects without waiting for it', async () => {
    agents.script.story = () => stream([{ log: 'one' }], { end: false });
    const controller = new AbortController();
    const onProgress = () => {
      controller.abort(reason);
      return new Promise<void>(() => {});
    };
    await expect(attemptAgent(agents.urls, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test('beforehand makes no call', async () => {
    await expect(attemptAgent(agents.urls, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(agents.calls).toEqual([]);
  });

  test('is left without listeners when it ended otherwise', async () => {
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
