import { afterEach, describe, expect, test } from 'vitest';
import { type AgentsWithModel, KEY, startAgentsWithModel } from '../../support/models/agents-with-model.ts';
import { STORY } from '../../support/models/answers.ts';
import { type ModelServerDouble, type Play, startModelServer } from '../../support/models/model-server.ts';
import { breaksOff, fails, sendsEvents, sendsPage, streams } from '../../support/models/plays.ts';

let model: ModelServerDouble;
let agents: AgentsWithModel;

async function start(play: Play): Promise<void> {
  model = await startModelServer(play);
  agents = await startAgentsWithModel(model);
}
afterEach(async () => {
  await agents.close();
  await model.close();
});

const ask = (input: Record<string, unknown> = { input: 'a freezer' }) => agents.call('story', input);

describe('a request that fails', () => {
  const context = { message: "This model's maximum context length is 4096 tokens", code: 'context_length_exceeded' };
  test.each<[string, Play, RegExp, { retryable: boolean; retryAfter?: number }]>([
    [
      'a rate limit with Retry-After',
      fails(429, 'slow down', { 'Retry-After': '7' }),
      /rate limit \(429\): slow down/,
      { retryable: true, retryAfter: 7 },
    ],
    [
      'a rate limit with retry-after-ms',
      fails(429, 'slow down', { 'retry-after-ms': '1500' }),
      /429/,
      { retryable: true, retryAfter: 2 },
    ],
    ['a rate limit without a time', fails(429, 'slow down'), /429/, { retryable: true }],
    [
      '503 while the model loads',
      fails(503, 'Loading model', { 'Retry-After': '3' }),
      /still loading the model \(503\)/,
      { retryable: true, retryAfter: 3 },
    ],
    [
      'no credit',
      fails(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
      /no credit/,
      { retryable: false },
    ],
    [
      'a bad key',
      fails(401, `Incorrect API key provided: ${KEY}`),
      /refused the key \(401\): set OPENAI_API_KEY/,
      { retryable: false },
    ],
    ['a forbidden model', fails(403, 'no access'), /refused the key \(403\)/, { retryable: false }],
    [
      'an unknown model',
      fails(404, { message: 'The model `x` does not exist', code: 'model_not_found' }),
      /set OPENAI_MODEL/,
      { retryable: false },
    ],
    [
      'another path',
      (response) => void response.writeHead(404).end('404 page not found'),
      /nothing at this path \(404\): check OPENAI_BASE_URL/,
      { retryable: false },
    ],
    ['a text that is too long', fails(400, context), /too long for the model's context/, { retryable: false }],
    [
      'a refusal',
      streams('I cannot write that.', { field: 'refusal' }),
      /the model refused: I cannot write that/,
      { retryable: false },
    ],
    [
      'the content filter',
      streams('Once', { finish: 'content_filter' }),
      /stopped by the content filter/,
      { retryable: false },
    ],
    [
      'reasoning only',
      streams('Let me think', { field: 'reasoning', finish: 'length' }),
      /only reasoned until it reached its output limit and wrote no answer: raise the limit/,
      { retryable: false },
    ],
    [
      'reasoning_content only',
      streams('Let me think', { field: 'reasoning_content', finish: 'length' }),
      /only reasoned/,
      { retryable: false },
    ],
    ['nothing', streams('', { pieces: [] }), /answered with nothing/, { retryable: true }],
    [
      'a login page',
      sendsPage('<html><title>Sign in</title></html>'),
      /web page, perhaps a login/,
      { retryable: false },
    ],
    [
      'a login page that does not say what it is',
      (r) => void r.writeHead(200, { 'Content-Type': 'text/plain' }).end('\n<!doctype html><title>Sign in</title>'),
      /web page, perhaps a login/,
      { retryable: false },
    ],
    [
      'a redirect to a login page',
      sendsPage('', 302, { Location: 'https://login.example/x' }),
      /redirects to login\.example \(302\)/,
      { retryable: false },
    ],
    [
      'an error in the middle of the stream',
      breaksOff(
        STORY,
        (r) => void r.end(`data: ${JSON.stringify({ error: { message: 'overloaded', code: 503 } })}\n\n`),
      ),
      /in the middle of its answer: overloaded/,
      { retryable: true },
    ],
    [
      'a stream that ends early',
      breaksOff(STORY, (r) => void r.end()),
      /ended its answer before it was complete/,
      { retryable: true },
    ],
    [
      'a connection that breaks',
      breaksOff(STORY, (r) => void r.destroy()),
      /ended its answer before it was complete/,
      { retryable: true },
    ],
    ['an event that is not JSON', sendsEvents(['data: {"choices\n\n']), /ended its answer/, { retryable: true }],
    [
      'a body that is not JSON',
      (r) => void r.writeHead(200, { 'Content-Type': 'application/json' }).end('{'),
      /not JSON/,
      { retryable: true },
    ],
    ['a server error', fails(500, 'CUDA out of memory'), /responded with 500: CUDA out of memory/, { retryable: true }],
    ['a page as an error', sendsPage('<h1>Bad gateway</h1>', 502), /responded with 502/, { retryable: true }],
  ])('%s is a failure that says so', async (_what, play, message, rest) => {
    await start(play);
    const { last } = await ask();
    expect(last).toEqual({ error: expect.stringMatching(message), ...rest });
    expect(last['error']).toContain(`127.0.0.1:`);
    expect(JSON.stringify(last)).not.toContain(KEY);
    expect(agents.errors).toEqual([]);
  });

  test('a stream that breaks off was paid, and how much it used is unknown', async () => {
    const overloaded = `data: ${JSON.stringify({ error: { message: 'overloaded' } })}\n\n`;
    await start(breaksOff(STORY, (r) => void r.end(overloaded)));
    expect((await ask()).usages).toEqual([{ model: expect.any(String), images: 0 }]);
  });

  test('a caller of one JSON body gets the status and Retry-After', async () => {
    await start(fails(429, 'slow down', { 'Retry-After': '7' }));
    const response = await fetch(`${agents.urls.story}/generate`, { method: 'POST', body: '{"input":"x"}' });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
  });

  test('a server that does not run is named, with what to do', async () => {
    await start(streams(STORY));
    await model.close();
    expect((await ask()).last).toEqual({
      error: expect.stringMatching(
        /^127\.0\.0\.1:\d+ refused the connection: start the model server, or check OPENAI_BASE_URL$/,
      ),
      retryable: true,
    });
  });

  test('a reason that quotes the prompt is not shown', async () => {
    await start((response, request) => fails(400, `invalid input: ${request.prompt.slice(-80)}`)(response, request));
    const { last, lines } = await ask({ input: 'a very secret idea about my neighbour Denise' });
    expect(last).toMatchObject({ error: expect.stringMatching(/responded with 400$/), retryable: false });
    expect(JSON.stringify(lines)).not.toContain('neighbour');
  });

  test.each(['sk-secre*****6789', 'sk-...6789', 'sk-secret…'])(
    'the key is not shown in parts either: %s',
    async (masked) => {
      await start(fails(401, `Incorrect API key provided: ${masked}. You can find your key in the console.`));
      const { last } = await ask();
      expect(last['error']).toMatch(/Incorrect API key provided: \*\*\*\. You can find your key in the console\.$/);
    },
  );

  test('what a failed request used is reported', async () => {
    await start(streams('Let me think', { field: 'reasoning', finish: 'length' }));
    const { lines } = await ask();
    expect(lines.find(({ usage }) => usage !== undefined)?.['usage']).toMatchObject({
      outputTokens: 40,
      costUsd: 0.00052,
    });
  });
});
