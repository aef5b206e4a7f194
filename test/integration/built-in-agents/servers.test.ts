import { CID } from 'multiformats/cid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BuiltInAgents,
  type BuiltInAgentsOptions,
  startBuiltInAgents,
} from '../../../src/built-in-agents/start-built-in-agents.ts';
import { agentInput, type StepResults } from '../../../src/orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { Content, ContentStore } from '../../../src/orchestrator/ports/content.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';

let stored: Map<string, Content>;
let content: ContentStore;
let running: BuiltInAgents[];

beforeEach(() => {
  stored = new Map();
  running = [];
  content = {
    put: async (cid, value) => void stored.set(cid, value),
    get: async (cid) => stored.get(cid) ?? null,
  };
});
afterEach(async () => {
  await Promise.all(running.map((agents) => agents.close()));
});

async function start(options: Partial<BuiltInAgentsOptions> = {}): Promise<BuiltInAgents> {
  const agents = await startBuiltInAgents({ content, publicUrl: 'http://rooms.example/', ...options });
  running.push(agents);
  return agents;
}

/** Runs the chain, and returns the results and all progress lines. */
async function chain(urls: Record<AgentName, string>, userInput: string) {
  const results: StepResults = {};
  const messages: string[] = [];
  for (const agent of AGENT_NAMES) {
    const input = agentInput(agent, { roomId: 'r', userId: 'u', userInput, results });
    const { outcome, lines } = await attemptAgent(urls, { agent, input });
    if (outcome.type !== 'succeeded') throw new Error(`${agent}: ${outcome.failure.message}`);
    results[agent] = outcome.result;
    messages.push(...lines.map((line) => `${agent}: ${line.message}`));
  }
  return { results, messages };
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });

describe('the built-in agents', () => {
  test('the agents make a story, a picture, a page and a deployment from the user’s words', async () => {
    const { urls } = await start();
    const { results, messages } = await chain(urls, 'a lighthouse that remembers drowned sailors');
    const { story, asset, code, deploy } = results as Record<AgentName, Record<string, string>>;
    expect(story).toMatchObject({
      story: expect.stringContaining('lighthouse'),
      metadata: { title: 'A lighthouse that remembers drowned sailors', theme: 'sea', words: expect.any(Number) },
    });
    expect(asset).toMatchObject({
      imageUrl: `http://rooms.example/deployments/${asset['imageCid']}/`,
      metadata: { theme: expect.stringMatching(/^A lighthouse .+ — lighthouse and boat by night in /), width: 1200 },
    });
    expect(code).toMatchObject({ code: expect.stringMatching(/^<!doctype html>/), tested: true, patchAttempts: 0 });
    expect(deploy).toEqual({
      success: true,
      deploymentUrl: `http://rooms.example/deployments/${code['cid']}/`,
      deploymentId: code['cid'],
      cid: code['cid'],
    });
    expect(messages.filter((message) => message.startsWith('asset: '))).toContain('asset: Drawing: lighthouse, boat');
    expect(new Set(messages.map((message) => message.split(':')[0]))).toEqual(new Set(AGENT_NAMES));
  });

  test('the agents store their results under real CIDs, with a content type', async () => {
    const { urls } = await start();
    const { results } = await chain(urls, 'bees');
    const { story, asset, code } = results as Record<AgentName, Record<string, string>>;
    for (const cid of stored.keys()) expect(CID.parse(cid).version).toBe(1);
    const textOf = (cid = '') => Buffer.from(stored.get(cid)?.bytes ?? []).toString('utf8');
    expect(textOf(story['cid'])).toBe(story['story']);
    expect(textOf(code['cid'])).toBe(code['code']);
    expect(stored.get(asset['imageCid'] ?? '')?.contentType).toBe('image/svg+xml');
    expect([...stored.values()].map(({ contentType }) => contentType).toSorted()).toEqual([
      'image/svg+xml',
      'text/html; charset=utf-8',
      'text/plain; charset=utf-8',
    ]);
  });

  test('the same words give the same results, whatever was made before', async () => {
    const first = await chain((await start()).urls, 'a cat');
    await chain((await start()).urls, 'a dog');
    expect(await chain((await start()).urls, 'a cat')).toEqual(first);
  });

  test('a public URL given as a function is read at each call', async () => {
    let publicUrl = 'http://early';
    const { urls } = await start({ publicUrl: () => publicUrl });
    publicUrl = 'http://late:81/x';
    const { results } = await chain(urls, 'a cat');
    expect(results.deploy?.['deploymentUrl']).toMatch(/^http:\/\/late:81\/x\/deployments\//);
  });

  test('a client that accepts ndjson gets a stream of progress, any other gets one JSON body', async () => {
    const { urls } = await start();
    const body = JSON.stringify({ input: 'a cat' });
    const stream = await post(`${urls.story}/generate`, body, { Accept: 'application/x-ndjson, application/json' });
    expect(stream.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const lines = (await stream.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      log: { level: 'info', message: 'Reading your idea', metadata: { characters: 5 } },
    });
    const plain = await post(`${urls.story}/generate`, body, { Accept: 'application/json' });
    expect(await plain.json()).toEqual(lines.at(-1).result);
  });

  test('StoryAgent streams its story in pieces of the channel `story`, and to a caller of one JSON body it sends none', async () => {
    const { urls } = await start();
    const body = JSON.stringify({ input: 'Denise finds a freezer full of clocks' });
    const stream = await post(`${urls.story}/generate`, body, { Accept: 'application/x-ndjson' });
    const lines = (await stream.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const pieces = lines.flatMap(({ partial }) => (partial === undefined ? [] : [partial]));
    expect(pieces.length).toBeGreaterThan(10);
    expect(new Set(pieces.map(({ channel }) => channel))).toEqual(new Set(['story']));
    expect(pieces.map(({ text }) => text).join('')).toBe(lines.at(-1).result.story);
    const plain = await post(`${urls.story}/generate`, body);
    expect(await plain.json()).toEqual(lines.at(-1).result);
  });

  test('each progress line is sent before the pause that follows it', async () => {
    const { urls } = await start({ paceMs: 600_000 });
    const controller = new AbortController();
    const onProgress = async () => controller.abort(new Error('seen'));
    const call = attemptAgent(urls, { input: { input: 'x' }, signal: controller.signal, onProgress });
    await expect(call).rejects.toThrow('seen');
  });

  test('GET /health answers 200, even for an agent that hangs', async () => {
    const { urls } = await start({ behaviour: { story: { hang: true } } });
    for (const agent of AGENT_NAMES) expect((await fetch(`${urls[agent]}/health`)).status).toBe(200);
  });
});

describe('an invalid call', () => {
  test.each<[string, AgentName, string, string, number, RegExp]>([
    ['POST', 'story', '/deploy', '{}', 404, /unknown path/],
    ['GET', 'story', '/generate', '', 405, /use POST/],
    ['POST', 'story', '/health', '{}', 405, /use GET/],
    ['POST', 'story', '/generate', '{', 400, /not JSON/],
    ['POST', 'story', '/generate', '{"input":7}', 400, /^input: /],
    ['POST', 'asset', '/generate', '[]', 400, /^request body: /],
    ['POST', 'code', '/generate', '{"story":"x"}', 400, /^imageTheme: /],
    ['POST', 'deploy', '/deploy', '{"codeCid":null}', 400, /codeCid is null, and story is missing/],
    ['POST', 'deploy', '/deploy', '{"codeCid":"bafy"}', 422, /no page is stored here under codeCid bafy/],
  ])('%s %s%s with %j is answered %i', async (method, agent, path, body, status, error) => {
    const { urls } = await start();
    const response = await fetch(urls[agent] + path, { method, ...(method === 'POST' ? { body } : {}) });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: expect.stringMatching(error) });
  });

  test('an invalid body is refused for good', async () => {
    const { urls } = await start();
    const bad = await attemptAgent(urls, { agent: 'story', input: {} });
    expect(bad.outcome).toMatchObject({ failure: { code: 'REFUSED', final: true, httpStatus: 400 } });
    const unknown = await attemptAgent(urls, { agent: 'deploy', input: { codeCid: 'bafy' } });
    expect(unknown.outcome).toMatchObject({ failure: { code: 'REFUSED', final: true } });
  });

  test('a store that fails makes the call fail temporarily, and the error is reported', async () => {
    const reported: unknown[] = [];
    const broken = { ...content, put: () => Promise.reject(new Error('no database')) };
    const { urls } = await start({ content: broken, onError: (agent, error) => reported.push([agent, String(error)]) });
    const { outcome } = await attemptAgent(urls, { input: { input: 'x' } });
    expect(outcome).toMatchObject({ failure: { code: 'REFUSED', final: false } });
    expect(reported).toEqual([['story', 'Error: no database']]);
  });
});

describe('DeployAgent', () => {
  test('DeployAgent publishes a page of the story when there is no code', async () => {
    const { urls } = await start();
    const input = { codeCid: null, story: 'It <b>rained</b>.', roomId: 'r' };
    const { outcome } = await attemptAgent(urls, { agent: 'deploy', input });
    expect(outcome).toMatchObject({ type: 'succeeded', result: { success: true } });
    const [page] = stored.values();
    expect(Buffer.from(page?.bytes ?? []).toString('utf8')).toContain('It &lt;b&gt;rained&lt;/b&gt;.');
  });
});

describe('a misbehaving agent', () => {
  test('an agent with failTimes fails that many times per Idempotency-Key, then works', async () => {
    const { urls } = await start({ behaviour: { story: { failTimes: 2 } } });
    const attempt = () => attemptAgent(urls, { input: { input: 'x' } });
    expect((await attempt()).outcome).toMatchObject({ failure: { code: 'HTTP_STATUS', httpStatus: 503 } });
    expect((await attempt()).outcome).toMatchObject({ failure: { httpStatus: 503 } });
    expect((await attempt()).outcome).toMatchObject({ type: 'succeeded' });
    const other = await post(`${urls.story}/generate`, '{"input":"x"}', { 'Idempotency-Key': 'another' });
    expect(other.status).toBe(503);
  });

  test('an agent that hangs never answers', async () => {
    const { urls } = await start({ behaviour: { story: { hang: true } } });
    const { outcome } = await attemptAgent(urls, { input: { input: 'x' }, timeoutMs: 50 });
    expect(outcome).toMatchObject({ failure: { code: 'TIMEOUT' } });
  });

  test('an agent with a delay answers after the delay', async () => {
    const { urls } = await start({ behaviour: { story: { delayMs: 600_000 }, asset: { delayMs: 1 } } });
    const { outcome } = await attemptAgent(urls, { input: { input: 'x' }, timeoutMs: 50 });
    expect(outcome).toMatchObject({ failure: { code: 'TIMEOUT' } });
    const quick = await attemptAgent(urls, { agent: 'asset', input: { story: 'x' } });
    expect(quick.outcome).toMatchObject({ type: 'succeeded' });
  });

  test('an agent with garbage answers something that is not JSON', async () => {
    const { urls } = await start({ behaviour: { story: { garbage: true } } });
    const { outcome } = await attemptAgent(urls, { input: { input: 'x' } });
    expect(outcome).toMatchObject({ failure: { code: 'BAD_RESPONSE' } });
  });
});
