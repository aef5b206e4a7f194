import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentClient } from '../../../src/agents/agent-client.ts';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { GOOD_ANSWERS, type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { json, text } from '../../support/agents/scripted-answers.ts';

let agents: ScriptedAgents;

beforeAll(async () => {
  agents = await startScriptedAgents();
});
beforeEach(() => agents.reset());
afterAll(() => agents.close());

describe('a request to an agent', () => {
  test.each<[AgentName, string]>([
    ['story', '/generate'],
    ['asset', '/generate'],
    ['code', '/generate'],
    ['deploy', '/deploy'],
  ])('the %s agent is called with POST %s and the input as JSON', async (agent, path) => {
    const input = { roomId: 'r1', text: 'a lighthouse – 灯台 🕯️' };
    await attemptAgent(agents.urls, { agent, input });
    expect(agents.calls).toMatchObject([{ agent, method: 'POST', path, body: input }]);
  });

  test('a request has the headers that agents rely on', async () => {
    await attemptAgent(agents.urls, { agent: 'code', userAgent: 'tests/1' });
    expect(agents.calls[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/x-ndjson, application/json',
      'idempotency-key': 'workflow:code',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'user-agent': 'tests/1',
    });
    expect(agents.calls[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['/base/', '/base/generate'],
    ['/base', '/base/generate'],
    ['//', '/generate'],
    ['/base/?tenant=7#part', '/base/generate?tenant=7'],
  ])('a base URL with %s is called at %s', async (suffix, path) => {
    await attemptAgent({ ...agents.urls, story: agents.urls.story + suffix });
    expect(agents.calls[0]?.path).toBe(path);
  });

  test('the user and password of a URL are sent as Basic authorization', async () => {
    await attemptAgent({ ...agents.urls, story: agents.urls.story.replace('://', '://ann%40x:p%C3%A4ss%3A%2F@') });
    const token = Buffer.from('ann@x:päss:/', 'utf8').toString('base64');
    expect(agents.calls[0]).toMatchObject({ path: '/generate', headers: { authorization: `Basic ${token}` } });
    expect(agents.calls[0]?.headers.host).not.toContain('@');
  });

  test('a URL that is not http or https is rejected when the client is created, and the error does not show it', () => {
    const target = { url: 'ftp://ann:secret@host', timeoutMs: 1 };
    const all = { story: target, asset: target, code: target, deploy: target };
    expect(() => createAgentClient({ agents: all })).toThrow(/must begin with http:\/\/ or https:\/\/, not ftp:$/);
    expect(() => createAgentClient({ agents: { ...all, story: { ...target, url: 'secret' } } })).toThrow(/malformed$/);
  });
});

describe('a good response', () => {
  test.each(AGENT_NAMES)('the response of the %s agent is its result, unknown fields included', async (agent) => {
    const answer = { ...GOOD_ANSWERS[agent], extra: { nested: [1, null, 'x'] } };
    agents.script = { [agent]: () => json(answer) };
    const { outcome } = await attemptAgent(agents.urls, { agent });
    expect(outcome).toEqual({ type: 'succeeded', result: answer });
  });

  test('a response is parsed as JSON whatever its Content-Type', async () => {
    agents.script.story = () =>
      text('\ufeff{"story":"é"}', { headers: { 'Content-Type': 'text/html; charset=latin1' } });
    expect((await attemptAgent(agents.urls)).outcome).toEqual({ type: 'succeeded', result: { story: 'é' } });
  });

  test('a response keeps surrogate pairs, while NUL and lone surrogates, which Postgres refuses, become U+FFFD', async () => {
    agents.script.story = () => text(String.raw`{"story":"\ud83d\udc7b","\u0000k":"a\u0000\ud83d.\\u0000"}`);
    expect((await attemptAgent(agents.urls)).outcome).toEqual({
      type: 'succeeded',
      result: { story: '👻', '\ufffdk': 'a\ufffd\ufffd.\\u0000' },
    });
  });

  const GOOD = '{"story":"é"}';
  test.each<[string, string, Uint8Array | string]>([
    ['gzip', 'gzip', gzipSync(GOOD)],
    ['x-gzip', 'X-GZip', gzipSync(GOOD)],
    ['deflate with its header', 'deflate', deflateSync(GOOD)],
    ['raw deflate', 'deflate', deflateRawSync(GOOD)],
    ['br', 'br', brotliCompressSync(GOOD)],
    ['several codings', 'identity, gzip , BR', brotliCompressSync(gzipSync(GOOD))],
    ['identity', 'identity', GOOD],
    ['none', 'None', GOOD],
    ['nothing', '', GOOD],
  ])('a response with the Content-Encoding of %s is read', async (_what, coding, body) => {
    agents.script.story = () => text(body, { headers: { 'Content-Encoding': coding } });
    expect((await attemptAgent(agents.urls)).outcome).toEqual({ type: 'succeeded', result: { story: 'é' } });
  });

  test.runIf(typeof zstdCompressSync === 'function')(
    'a response with the Content-Encoding of zstd is read',
    async () => {
      agents.script.story = () => text(zstdCompressSync(GOOD), { headers: { 'Content-Encoding': 'zstd' } });
      expect((await attemptAgent(agents.urls)).outcome).toEqual({ type: 'succeeded', result: { story: 'é' } });
    },
  );

  test.each<[string, string, Uint8Array]>([
    ['ISO-8859-1', 'application/json;charset="ISO-8859-1"', Buffer.from(GOOD, 'latin1')],
    ['UTF-16 with a byte order mark', 'application/json', Buffer.from(`\ufeff${GOOD}`, 'utf16le')],
    ['UTF-16 that is announced', 'application/json; charset=utf-16le', Buffer.from(GOOD, 'utf16le')],
  ])('a response in %s is read', async (_charset, contentType, body) => {
    agents.script.story = () => text(body, { headers: { 'Content-Type': contentType } });
    expect((await attemptAgent(agents.urls)).outcome).toEqual({ type: 'succeeded', result: { story: 'é' } });
  });

  test.each([
    ['http://x/my page', 'http://x/my%20page'],
    ['http://x/"a"<b>`c`?q=\'d\' e"#f g', 'http://x/%22a%22%3Cb%3E%60c%60?q=%27d%27%20e%22#f%20g'],
    ['https://bücher.example/straße', 'https://xn--bcher-kva.example/stra%C3%9Fe'],
    ['HTTP://EXAMPLE.com:80\\a\\..\\b', 'http://example.com/b'],
    [' http://x/a\tb\r\nc\n', 'http://x/abc'],
    ['http://x/\u202e\u0001/', 'http://x/%E2%80%AE%01/'],
    ['http://x', 'http://x/'],
    ['http://[::1]:8080/a|b', 'http://[::1]:8080/a|b'],
  ])('the deploymentUrl %j is taken as %s', async (deploymentUrl, href) => {
    agents.script.deploy = () => json({ success: true, deploymentUrl });
    const { outcome } = await attemptAgent(agents.urls, { agent: 'deploy' });
    expect(outcome).toEqual({ type: 'succeeded', result: { success: true, deploymentUrl: href } });
  });

  test('of two fields with the same name the last one counts, and __proto__ is a field like any other', async () => {
    agents.script.story = () => text('{"story":"a","story":"b","__proto__":{"polluted":true}}');
    const { outcome } = await attemptAgent(agents.urls);
    expect(JSON.stringify(outcome)).toBe('{"type":"succeeded","result":{"story":"b","__proto__":{"polluted":true}}}');
    expect({}).not.toHaveProperty('polluted');
  });

  test('every attempt has its own connection, so that none is one that the agent has closed', async () => {
    await attemptAgent(agents.urls);
    await attemptAgent(agents.urls);
    expect(agents.calls.map((call) => call.headers.connection)).toEqual(['close', 'close']);
  });

  test('a given fetch is used in place of node:http', async () => {
    const seen: [unknown, RequestInit | undefined][] = [];
    const fake: typeof fetch = async (url, init) => {
      seen.push([url, init]);
      return Response.json({ story: 'from afar' });
    };
    const { outcome } = await attemptAgent(agents.urls, { fetch: fake });
    expect(outcome).toEqual({ type: 'succeeded', result: { story: 'from afar' } });
    expect(seen).toMatchObject([[`${agents.urls.story}/generate`, { method: 'POST', redirect: 'manual', body: '{}' }]]);
  });
});
