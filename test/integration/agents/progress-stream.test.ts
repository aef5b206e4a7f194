import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentProgress } from '../../../src/orchestrator/ports/call-agent.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { cutShort, stream } from '../../support/agents/scripted-answers.ts';

const RESULT = { result: { story: 'the end' } };
const SUCCEEDED = { type: 'succeeded', result: RESULT.result };
let agents: ScriptedAgents;

beforeAll(async () => {
  agents = await startScriptedAgents();
});
beforeEach(() => agents.reset());
afterAll(() => agents.close());

const attemptWith = (parts: Iterable<unknown> | AsyncIterable<unknown>) => {
  agents.script.story = () => stream(parts);
  return attemptAgent(agents.urls);
};

describe('a stream of progress', () => {
  test('a stream is passed on line by line while the agent works', async () => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => stream([{ log: { level: 'info', message: 'one' } }, gate.promise, RESULT]);
    const seen: AgentProgress[] = [];
    const { outcome } = await attemptAgent(agents.urls, {
      // The agent goes on only when its first line has arrived.
      onProgress: async (line) => {
        seen.push(line);
        gate.resolve();
      },
    });
    expect(seen).toEqual([{ level: 'info', message: 'one', metadata: null }]);
    expect(outcome).toEqual(SUCCEEDED);
  });

  test('text keeps a character that is cut between two lines, as JavaScript programs cut it', async () => {
    const [high = '', low = ''] = '👻'.split('');
    agents.script.story = () => stream([{ partial: { text: `a${high}` } }, { partial: { text: `${low}b` } }, RESULT]);
    let text = '';
    const { outcome } = await attemptAgent(agents.urls, {
      onPartial: (_channel, piece) => {
        text += piece;
      },
    });
    expect(text).toBe('a👻b');
    expect(outcome).toEqual(SUCCEEDED);
  });

  test('log lines keep their order, levels and metadata', async () => {
    const lines = [
      { level: 'warn', message: 'a', metadata: { n: 1 } },
      { level: 'error', message: 'b', metadata: null },
      { level: 'success', message: 'c', metadata: { deep: { x: ['y'] } } },
    ];
    const found = await attemptWith([...lines.map((log) => ({ log })), RESULT]);
    expect(found).toEqual({ lines, outcome: SUCCEEDED });
  });

  test.each<[string, unknown, AgentProgress]>([
    ['an unknown level', { level: 'fatal', message: 'm' }, { level: 'info', message: 'm', metadata: null }],
    ['a level in capitals', { level: 'WARNING', message: 'm' }, { level: 'warn', message: 'm', metadata: null }],
    ['a bare text', 'm', { level: 'info', message: 'm', metadata: null }],
    [
      'metadata that is no object',
      { message: 'm', metadata: [1] },
      { level: 'info', message: 'm', metadata: { value: [1] } },
    ],
    ['no message', { step: 3 }, { level: 'info', message: '{"step":3}', metadata: null }],
    ['a message that is no text', { message: 7 }, { level: 'info', message: '7', metadata: null }],
  ])('a log line with %s is kept', async (_what, log, line) => {
    expect((await attemptWith([{ log }, RESULT])).lines).toEqual([line]);
  });

  test('a stream may have CR LF, blank lines, unknown objects and a last line without a newline', async () => {
    const found = await attemptWith(['\r\n\n  \n{"log":"a"}\r\n', { progress: 50 }, JSON.stringify(RESULT)]);
    expect(found).toMatchObject({ lines: [{ message: 'a' }], outcome: SUCCEEDED });
  });

  test('log lines after the first 10,000 are dropped, with one warning', async () => {
    const { lines, outcome } = await attemptWith(['{"log":"x"}\n'.repeat(10_500), RESULT]);
    expect(outcome).toEqual(SUCCEEDED);
    expect(lines).toHaveLength(10_001);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('the rest are dropped') });
    expect(lines.filter((line) => line.level === 'warn')).toHaveLength(1);
  });

  test('a log line over 64 KiB keeps its beginning', async () => {
    const { lines } = await attemptWith([{ log: { level: 'warn', message: 'é'.repeat(64 * 1024) } }, RESULT]);
    expect(lines).toMatchObject([{ level: 'warn', metadata: { cut: expect.stringContaining('65536') } }]);
    expect(lines[0]?.message).toMatch(/^é{16384}… \(cut\)$/);
  });

  test.each<[string, string, RegExp]>([
    ['has NaN', '{"log":{"message":"epoch 1","metadata":{"loss":NaN}}}', /it has the number NaN/],
    ['is cut off', '{"log":{"message":"epo', /is not JSON/],
    ['is nested too deeply', `{"log":{"metadata":${'['.repeat(300)}${']'.repeat(300)}}}`, /nested more than 200/],
  ])('a log line that %s becomes a warning with its text, and the stream goes on', async (_what, line, problem) => {
    const { lines, outcome } = await attemptWith([`${line}\n`, { log: 'next' }, RESULT]);
    expect(lines).toMatchObject([
      { level: 'warn', message: expect.stringMatching(problem), metadata: { line } },
      { message: 'next' },
    ]);
    expect(outcome).toEqual(SUCCEEDED);
  });

  test('numbers in a log line keep their digits, also when the agent’s URL has a password', async () => {
    const log = '{"log":{"message":12345678901234567890,"metadata":12345678901234567890}}\n';
    agents.script.story = () => stream([log, RESULT]);
    const url = agents.urls.story.replace('://', '://ann:hunter2@');
    const { lines } = await attemptAgent({ ...agents.urls, story: url });
    expect(JSON.stringify(lines)).toBe(
      '[{"level":"info","message":"12345678901234567890","metadata":{"value":12345678901234567890}}]',
    );
  });

  test('a result may be far larger than a log line', async () => {
    const story = 'x'.repeat(3 * 1024 * 1024);
    expect((await attemptWith([{ result: { story } }])).outcome).toEqual({ type: 'succeeded', result: { story } });
  });

  test('a stream is read no faster than its lines are handled', async () => {
    const gate = Promise.withResolvers<void>();
    const firstChunk = Promise.withResolvers<void>();
    agents.script.story = () => stream([{ log: 'one' }, firstChunk.promise, { log: 'two' }, RESULT]);
    const begun: string[] = [];
    const call = attemptAgent(agents.urls, {
      onProgress: async (line) => {
        begun.push(line.message);
        firstChunk.resolve();
        await gate.promise;
      },
    });
    await firstChunk.promise;
    expect(begun).toEqual(['one']);
    gate.resolve();
    expect((await call).outcome).toEqual(SUCCEEDED);
    expect(begun).toEqual(['one', 'two']);
  });

  test('a call rejects with the error of a line that could not be saved, and its connection is closed', async () => {
    agents.script.story = () => stream([{ log: 'one' }], { end: false });
    const failing = attemptAgent(agents.urls, { onProgress: () => Promise.reject(new Error('no database')) });
    await expect(failing).rejects.toThrow('no database');
    expect(await agents.calls[0]?.closed).toBe(true);
  });
});

describe('the last line of a stream', () => {
  test('a result ends the attempt at once: what follows is not read, and an agent that never ends is cut off', async () => {
    agents.script.story = () => stream([RESULT, { log: 'late' }, 'nonsense\n'], { end: false });
    const { outcome, lines } = await attemptAgent(agents.urls);
    expect({ outcome, lines }).toEqual({ outcome: SUCCEEDED, lines: [] });
    expect(await agents.calls[0]?.closed).toBe(true);
  });

  test('an agent has time to end its response after the result', async () => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => stream([RESULT, gate.promise]);
    expect((await attemptAgent(agents.urls)).outcome).toEqual(SUCCEEDED);
    gate.resolve();
    expect(await agents.calls[0]?.closed).toBe(false);
  });

  test.each<[unknown, Record<string, unknown>]>([
    [{ error: 'tired' }, { code: 'REFUSED', message: 'tired', final: false }],
    [
      { error: 'tired', retryable: true },
      { code: 'REFUSED', message: 'tired', final: false },
    ],
    [
      { error: 'never', retryable: false },
      { code: 'REFUSED', message: 'never', final: true },
    ],
    [
      { error: 'busy', retryable: true, retryAfter: 2.5 },
      { code: 'REFUSED', message: 'busy', final: false, retryAfterMs: 2_500 },
    ],
    [{ error: { message: 'deep' } }, { code: 'REFUSED', message: 'deep', final: false }],
    [{ result: { cid: 'x' } }, { code: 'BAD_RESPONSE', message: 'the response lacks `story`', final: false }],
    [{ result: null }, { code: 'BAD_RESPONSE', message: '`result` in the stream is not an object', final: false }],
    [{ result: { success: false, error: 'no' } }, { code: 'REFUSED', message: 'no', final: false }],
  ])('a last line of %j fails the attempt', async (last, failure) => {
    const found = await attemptWith([{ log: 'kept' }, last]);
    expect(found).toMatchObject({ lines: [{ message: 'kept' }], outcome: { type: 'failed', failure } });
  });

  test.each<[string, unknown[], string]>([
    ['is missing', [{ log: 'a' }], 'the stream ended without a result'],
    ['is missing, as are all others', [], 'the stream ended without a result'],
    ['is not JSON', ['{"result":{"story"'], 'a line of the stream is not JSON: {"result":{"story"'],
    ['is not an object', ['[]\n'], 'a line of the stream is not a JSON object'],
    ['is not UTF-8', [Buffer.from([0xff, 0x0a])], 'a line of the stream is not valid UTF-8'],
  ])('a last line that %s is BAD_RESPONSE', async (_what, parts, message) => {
    const { outcome } = await attemptWith(parts);
    expect(outcome).toEqual({ type: 'failed', failure: { code: 'BAD_RESPONSE', message, final: false } });
  });

  test('a last line that the end of the connection cuts off is CONNECTION', async () => {
    const headers = { 'Content-Type': 'application/x-ndjson' };
    agents.script.story = () => cutShort('{"log":"a"}\n{"result":', { headers });
    const found = await attemptAgent(agents.urls);
    expect(found).toMatchObject({ lines: [{ message: 'a' }], outcome: { failure: { code: 'CONNECTION' } } });
  });
});
