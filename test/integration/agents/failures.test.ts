import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import {
  type Answer,
  cutShort,
  garbage,
  hangInBody,
  json,
  redirect,
  reset,
  sized,
  stream,
  text,
} from '../../support/agents/scripted-answers.ts';

const MIB = 1024 * 1024;
let agents: ScriptedAgents;

beforeAll(async () => {
  agents = await startScriptedAgents();
});
beforeEach(() => agents.reset());
afterAll(() => agents.close());

/** The failure that an answer makes of an attempt. */
async function failureOf(answer: Answer, agent: AgentName = 'story') {
  agents.script = { [agent]: () => answer };
  const { outcome } = await attemptAgent(agents.urls, { agent });
  return outcome.type === 'failed' ? outcome.failure : outcome;
}

describe('a status other than 200', () => {
  test.each([201, 204, 400, 401, 404, 409, 500, 502])(
    'status %i is HTTP_STATUS, even with a good body',
    async (status) => {
      const found = await failureOf(json({ story: 'fine' }, { status }));
      expect(found).toMatchObject({ code: 'HTTP_STATUS', httpStatus: status, final: false });
    },
  );

  test.each([301, 302, 303, 307, 308])(
    'a redirect with status %i is HTTP_STATUS and is not followed',
    async (status) => {
      const found = await failureOf(redirect(`${agents.urls.asset}/generate`, status));
      expect(found).toMatchObject({
        code: 'HTTP_STATUS',
        httpStatus: status,
        message: expect.stringMatching(/redirect/),
      });
      expect(agents.calls).toHaveLength(1);
    },
  );

  test.each<[string, Answer, string]>([
    [
      'the error',
      json({ error: 'over\u0007  loaded\n' }, { status: 503 }),
      'responded with 503 Service Unavailable: over loaded',
    ],
    [
      'the message of the error',
      json({ error: { message: 'no' } }, { status: 500 }),
      'responded with 500 Internal Server Error: no',
    ],
    ['the text', text('<h1>Bad</h1>\n<p>gateway', { status: 502 }), 'responded with 502 Bad Gateway: Bad gateway'],
    ['nothing', text('', { status: 500 }), 'responded with 500 Internal Server Error'],
    [
      'nothing, when it only repeats the status',
      json({ detail: 'Not Found' }, { status: 404 }),
      'responded with 404 Not Found',
    ],
    [
      'the reason of FastAPI',
      json({ detail: [{ type: 'missing', loc: ['body', 'story'], msg: 'Field required' }] }, { status: 422 }),
      'responded with 422 Unprocessable Entity: body.story: Field required',
    ],
    [
      'the reason of problem+json',
      json(
        { type: 'about:blank', title: 'Too long', status: 413, detail: 'Stories end at 8 kB.' },
        { status: 413, headers: { 'Content-Type': 'application/problem+json' } },
      ),
      'responded with 413 Payload Too Large: Too long: Stories end at 8 kB.',
    ],
    [
      'the reason of FastAPI, which repeats a large request,',
      json({ detail: [{ loc: ['body'], msg: 'Too long', input: 'x'.repeat(MIB) }] }, { status: 422 }),
      'responded with 422 Unprocessable Entity: body: Too long',
    ],
    [
      'JSON of an unknown shape',
      json({ story: ['Required.'] }, { status: 400 }),
      'responded with 400 Bad Request: {"story":["Required."]}',
    ],
    [
      'the reason in the charset that it announces',
      text(Buffer.from('{"error":"trop fatigué"}', 'latin1'), {
        status: 503,
        headers: { 'Content-Type': 'application/json; charset=ISO-8859-1' },
      }),
      'responded with 503 Service Unavailable: trop fatigué',
    ],
    [
      'the decompressed reason',
      text(deflateRawSync('{"error":"tired"}'), { status: 503, headers: { 'Content-Encoding': 'deflate' } }),
      'responded with 503 Service Unavailable: tired',
    ],
    [
      'the name of a Content-Encoding that cannot be read',
      text('…', { status: 422, headers: { 'Content-Encoding': 'compress' } }),
      'responded with 422 Unprocessable Entity: the response has the Content-Encoding compress, which is not supported: send it uncompressed',
    ],
    [
      'at most 200 characters',
      text('👻'.repeat(999), { status: 500 }),
      `responded with 500 Internal Server Error: ${'👻'.repeat(199)}…`,
    ],
  ])('a status is reported with %s from the body', async (_what, answer, message) => {
    expect(await failureOf(answer)).toMatchObject({ message });
  });

  test('a status counts even when the body is cut off', async () => {
    expect(await failureOf(cutShort('half', { status: 500 }))).toMatchObject({ code: 'HTTP_STATUS', httpStatus: 500 });
  });
});

describe('an agent that refuses', () => {
  test.each<[string, Answer]>([
    ['an error body with status 400', json({ error: 'too rude', retryable: false }, { status: 400 })],
    ['an error body with status 302', json({ error: 'too rude', retryable: false }, { status: 302 })],
    ['an error body with status 200', json({ error: 'too rude', retryable: false })],
    ['an error object with status 429', json({ error: { message: 'too rude', retryable: false } }, { status: 429 })],
    ['FastAPI’s detail with status 422', json({ detail: { error: 'too rude', retryable: false } }, { status: 422 })],
    ['a stream with status 500', stream(['{"log":{}}\n', { error: 'too rude', retryable: false }], { status: 500 })],
  ])('`retryable: false` in %s is REFUSED, without another attempt', async (_where, answer) => {
    expect(await failureOf(answer)).toMatchObject({ code: 'REFUSED', message: 'too rude', final: true });
  });

  test('`success: false` is REFUSED, with another attempt unless `retryable` is false', async () => {
    const found = await failureOf(json({ success: false, error: 'quota' }), 'deploy');
    expect(found).toEqual({ code: 'REFUSED', message: 'quota', final: false });
    const final = await failureOf(json({ success: false, retryable: false }), 'deploy');
    expect(final).toEqual({ code: 'REFUSED', message: 'the agent refused without giving a reason', final: true });
  });

  test('`retryable` with any value but the boolean false does not make a failure final', async () => {
    expect(await failureOf(json({ retryable: 'false' }, { status: 400 }))).toMatchObject({
      code: 'HTTP_STATUS',
      final: false,
    });
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2030-01-01T00:00:00Z');
  const waitOf = async (header: string, status = 429) => {
    agents.script.story = () => text('', { status, headers: { 'Retry-After': header } });
    const { outcome } = await attemptAgent(agents.urls, { now: () => nowMs });
    return outcome.type === 'failed' ? outcome.failure.retryAfterMs : outcome;
  };

  test('Retry-After is read on 429 and 503, as seconds or as an HTTP date', async () => {
    expect(await waitOf('7')).toBe(7_000);
    expect(await waitOf('0', 503)).toBe(0);
    expect(await waitOf('Tue, 01 Jan 2030 00:00:05 GMT', 503)).toBe(5_000);
  });

  test.each(['-1', '1.5', 'soon', '', '2030-01-01T00:00:05Z', 'Mon, 31 Dec 2029 23:59:59 GMT'])(
    'Retry-After counts as absent when it is "%s"',
    async (header) => {
      expect(await waitOf(header)).toBeUndefined();
    },
  );

  test('Retry-After counts as absent on any other status', async () => {
    expect(await waitOf('7', 500)).toBeUndefined();
  });
});

describe('an invalid body', () => {
  test.each<[string, Answer, RegExp]>([
    ['plain text', text('not json'), /not JSON: not json/],
    ['truncated JSON', text('{"story":'), /not JSON/],
    ['empty', text(''), /empty/],
    ['an array', json(['story']), /not a JSON object/],
    ['null', json(null), /not a JSON object/],
    ['invalid UTF-8', text(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), /UTF-8/],
    ['JSON nested too deeply', text(`{"story":"x","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), /nested/],
    ['a broken gzip', text('nonsense', { headers: { 'Content-Encoding': 'gzip' } }), /decompressed/],
    [
      'not gzip, which it announces',
      text('{"story":"x"}', { headers: { 'Content-Encoding': 'gzip' } }),
      /is gzip, but its bytes are not \(incorrect header check\)$/,
    ],
    [
      'cut off within gzip',
      text(gzipSync('{"story":"x"}').subarray(0, 20), { headers: { 'Content-Encoding': 'gzip' } }),
      /is gzip, but its bytes are not \(unexpected end of file\)$/,
    ],
    [
      'compressed in an unsupported way',
      text('{}', { headers: { 'Content-Encoding': 'zip' } }),
      /has the Content-Encoding zip, which is not supported: send it uncompressed$/,
    ],
    [
      'compressed too often',
      text('{}', { headers: { 'Content-Encoding': 'gzip, gzip, gzip, gzip' } }),
      /more than 3 Content-Encodings/,
    ],
    [
      'JSON with NaN',
      text('{"story":"x","scores":[1, NaN]}'),
      /^the response is not JSON: it has the number NaN, which JSON does not know \(send null instead\), after {"story":"x","scores":\[1, NaN$/,
    ],
    ['JSON with -Infinity', text('{"score": -Infinity}'), /it has the number Infinity,/],
    [
      'in neither UTF-8 nor its charset',
      text(Buffer.from([0x7b, 0xff]), { headers: { 'Content-Type': 'application/json; charset=klingon' } }),
      /^the response is not valid UTF-8, nor klingon, which its Content-Type names$/,
    ],
    [
      'JSON nested 10,000 levels deep, with a number of many digits',
      text(`{"story":"x","a":${'['.repeat(10_000)}1e400${']'.repeat(10_000)}}`),
      /nested more than 200 levels deep$/,
    ],
  ])('a body that is %s is BAD_RESPONSE', async (_what, answer, message) => {
    expect(await failureOf(answer)).toMatchObject({
      code: 'BAD_RESPONSE',
      final: false,
      message: expect.stringMatching(message),
    });
  });

  test.each<[AgentName, Record<string, unknown>, string]>([
    ['story', { cid: 'x' }, 'story'],
    ['story', { story: ' \n' }, 'story'],
    ['story', { story: 7 }, 'story'],
    ['asset', { imageUrl: 'x' }, 'imageCid'],
    ['code', { code: 'x' }, 'cid'],
    ['code', { cid: 'x', code: '' }, 'code'],
    ['deploy', { success: true }, 'deploymentUrl'],
    ['deploy', { deploymentUrl: 'http://x/' }, 'success: true'],
  ])('a %s response %j lacks `%s`', async (agent, answer, field) => {
    const found = await failureOf(json(answer), agent);
    expect(found).toEqual({ code: 'BAD_RESPONSE', final: false, message: `the response lacks \`${field}\`` });
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://x/',
    'http://ann:secret@x/',
    '/deployments/x',
    '//x/',
    'http://x y/',
    'http://',
  ])('a deploymentUrl of %j is BAD_RESPONSE', async (deploymentUrl) => {
    const found = await failureOf(json({ success: true, deploymentUrl }), 'deploy');
    expect(found).toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringMatching(/deploymentUrl/) });
  });

  test('a deploymentUrl that is too long once it is encoded is BAD_RESPONSE', async () => {
    const found = await failureOf(json({ success: true, deploymentUrl: `http://x/${'ü'.repeat(500)}` }), 'deploy');
    expect(found).toMatchObject({ code: 'BAD_RESPONSE', message: '`deploymentUrl` has more than 2048 characters' });
  });

  test('a body of exactly 10 MiB is read, and one byte more is BAD_RESPONSE', async () => {
    expect(await failureOf(sized(10 * MIB))).toMatchObject({ type: 'succeeded' });
    expect(await failureOf(sized(10 * MIB + 1))).toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringMatching(/larger than 10 MiB/),
    });
  });

  test('a Content-Length over 10 MiB is BAD_RESPONSE at once, and the connection is closed', async () => {
    const found = await failureOf(hangInBody('{', { headers: { 'Content-Length': String(10 * MIB + 1) } }));
    expect(found).toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringMatching(/larger than 10 MiB/) });
    expect(await agents.calls[0]?.closed).toBe(true);
  });

  test('the connection is closed as soon as a body without Content-Length exceeds the limit', async () => {
    const endless = async function* () {
      while (true) yield 'x'.repeat(MIB);
    };
    for (const type of ['application/json', 'application/x-ndjson']) {
      const found = await failureOf(stream(endless(), { headers: { 'Content-Type': type } }));
      expect(found).toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringMatching(/larger than 10 MiB/) });
      expect(await agents.calls.at(-1)?.closed).toBe(true);
    }
  });

  test('a compressed body is measured after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * MIB, 0x20));
    const found = await failureOf(text(bomb, { headers: { 'Content-Encoding': 'gzip' } }));
    expect(found).toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringMatching(/larger than 10 MiB/) });
  });
});

describe('a connection error', () => {
  test.each<[string, Answer, RegExp]>([
    ['a reset', reset(), /^127\.0\.0\.1:\d+ closed the connection before the response was complete$/],
    ['a truncated response', cutShort(), /closed the connection before the response was complete$/],
    ['a response that is not HTTP', garbage(), /^127\.0\.0\.1:\d+ did not respond with valid HTTP$/],
  ])('%s is CONNECTION', async (_what, answer, message) => {
    expect(await failureOf(answer)).toMatchObject({
      code: 'CONNECTION',
      final: false,
      message: expect.stringMatching(message),
    });
  });

  test('a port on which nothing listens is CONNECTION', async () => {
    await agents.stop('asset');
    const { outcome } = await attemptAgent(agents.urls, { agent: 'asset' });
    await agents.start('asset');
    expect(outcome).toMatchObject({
      failure: { code: 'CONNECTION', message: expect.stringMatching(/^127\.0\.0\.1:\d+ refused the connection$/) },
    });
  });

  test('a host name that does not exist is CONNECTION', async () => {
    const { outcome } = await attemptAgent({ ...agents.urls, story: 'http://ann:secret@nowhere.invalid:81' });
    expect(outcome).toMatchObject({
      failure: { code: 'CONNECTION', message: expect.stringMatching(/^the host name of nowhere\.invalid:81 /) },
    });
  });
});

test('the password in an agent’s URL is redacted when the agent sends it back', async () => {
  const url = agents.urls.story.replace('://', '://ann:hunter2@');
  agents.script.story = (call, nth) =>
    nth === 1
      ? json({ error: `bad ${call.headers.authorization} or hunter2` }, { status: 401 })
      : stream([{ log: { message: 'hunter2', metadata: { a: ['hunter2'] } } }, { error: 'hunter2' }]);
  const first = await attemptAgent({ ...agents.urls, story: url });
  expect(first.outcome).toMatchObject({
    failure: { message: 'responded with 401 Unauthorized: bad Basic *** or ***' },
  });
  const second = await attemptAgent({ ...agents.urls, story: url });
  expect(JSON.stringify(second)).not.toContain('hunter2');
});
