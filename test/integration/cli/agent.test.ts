import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { agentInput, type StepResults } from '../../../src/orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { freePort } from '../../support/network/free-port.ts';
import { type CliProcess, startCli } from '../../support/processes/cli-process.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';

type Agent = CliProcess & { url: string };
type StartAgent = (args: string[], env?: Record<string, string>) => Promise<Agent>;

const test = base.extend<{ folder: string; start: StartAgent }>({
  folder: async ({}, use) => {
    const folder = await makeTemporaryFolder();
    await use(folder);
    await rm(folder, { recursive: true });
  },
  start: async ({ folder }, use) => {
    const started: CliProcess[] = [];
    await use(async (args, env = {}) => {
      const port = args.includes('--port') ? [] : ['--port', '0'];
      const agent = startCli(['agent', ...args, ...port], { DATA_DIR: folder, ...env });
      started.push(agent);
      return { ...agent, url: await agent.printed(/^Ready: \w+ at (\S+)$/m) };
    });
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map(({ code }) => code));
  },
});

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });

/** Runs the chain as the service does, and returns the results and all progress lines. */
async function runChain(urls: Record<AgentName, string>, userInput: string) {
  const results: StepResults = {};
  const messages: string[] = [];
  for (const agent of AGENT_NAMES) {
    const input = agentInput(agent, { roomId: 'r', userId: 'u', userInput, results });
    const { outcome, lines } = await attemptAgent(urls, { agent, input });
    if (outcome.type !== 'succeeded') throw new Error(`${agent}: ${outcome.failure.message}`);
    results[agent] = outcome.result;
    messages.push(...lines.map((line) => line.message));
  }
  return { results: results as Record<AgentName, Record<string, string>>, messages };
}

describe('an agent alone', () => {
  test('an agent alone answers its calls and GET /health, and refuses web pages', async ({ start }) => {
    const { url } = await start(['story']);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const answer = await post(`${url}/generate`, { input: 'a clock of rain' });
    expect(await answer.json()).toMatchObject({ story: expect.stringContaining('clock of rain') });
    const fromPage = await post(`${url}/generate`, { input: 'x' }, { Origin: 'http://evil.example' });
    expect(fromPage.status).toBe(403);
    expect((await fetch(`${url}/deploy`)).status).toBe(404);
  });

  test('what an agent alone makes is served under its CID with the headers of the service, also after a restart', async ({
    start,
    folder,
  }) => {
    const first = await start(['asset']);
    const { imageCid, imageUrl } = (await (await post(`${first.url}/generate`, { story: 'a cat' })).json()) as {
      [name: string]: string;
    };
    expect(imageUrl).toBe(`${first.url}/deployments/${imageCid}/`);
    expect(await readdir(join(folder, 'contents'))).toEqual([imageCid]);
    first.child.kill('SIGKILL');
    await first.code;

    const second = await start(['asset']);
    const picture = await fetch(`${second.url}/deployments/${imageCid}/`);
    expect(await picture.text()).toMatch(/^<svg/);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringContaining('sandbox allow-scripts'),
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('immutable'),
    });
    expect((await fetch(`${second.url}/deployments/nonsense/`)).status).toBe(400);
    expect(
      (await fetch(`${second.url}/deployments/bafkreigbs2cffgcyfqu66uft4niyz2lebszyaqqysly3be4fkaecqlvpvm/`)).status,
    ).toBe(404);
  });

  test('PUBLIC_URL and --public-url begin the URLs of what an agent alone makes, and the option wins', async ({
    start,
  }) => {
    const env = { PUBLIC_URL: 'https://variable.example/art' };
    const imageUrlOf = async (agent: Agent) =>
      ((await (await post(`${agent.url}/generate`, { story: 'a cat' })).json()) as { imageUrl: string }).imageUrl;
    const byVariable = await start(['asset'], env);
    expect(await imageUrlOf(byVariable)).toMatch(/^https:\/\/variable\.example\/art\/deployments\/\w+\/$/);
    expect(await imageUrlOf(await start(['asset', '--public-url', 'https://option.example/'], env))).toMatch(
      /^https:\/\/option\.example\/deployments\/\w+\/$/,
    );
    // A proxy may pass the path on.
    const { pathname } = new URL(await imageUrlOf(byVariable));
    expect((await fetch(byVariable.url + pathname)).status).toBe(200);
  });

  test('an agent alone ignores what only the service reads', async ({ start }) => {
    const env = { PORT: 'abc', HOST: '0.0.0.0', DATABASE_URL: 'nonsense', NODE_ENV: 'production' };
    const { url } = await start(['deploy'], env);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test('an agent alone simulates the faults of its BEHAVIOUR variable', async ({ start }) => {
    const { url } = await start(['story'], { STORY_AGENT_BEHAVIOUR: 'fail=1', CODE_AGENT_BEHAVIOUR: 'hang' });
    expect((await post(`${url}/generate`, { input: 'x' })).status).toBe(503);
    expect((await post(`${url}/generate`, { input: 'x' })).status).toBe(200);
  });
});

describe('four agents in processes of their own', () => {
  test('agents that share a folder make a page with the picture, and publish it', async ({ start }) => {
    const urls = {} as Record<AgentName, string>;
    for (const name of AGENT_NAMES) urls[name] = (await start([name])).url;
    const { results, messages } = await runChain(urls, 'a clock of rain');
    expect(messages).toContain('Added the picture');
    const page = await fetch(results.deploy['deploymentUrl'] ?? '');
    expect(await page.text()).toBe(results.code['code']);
  });

  test('agents with folders of their own ask each other for the picture and the page', async ({ start, folder }) => {
    const urls = {} as Record<AgentName, string>;
    for (const name of AGENT_NAMES) {
      const known = Object.entries(urls).map(([agent, url]) => [`${agent.toUpperCase()}_AGENT_URL`, url]);
      urls[name] = (await start([name, '--data', join(folder, name)], Object.fromEntries(known))).url;
    }
    const { results, messages } = await runChain(urls, 'a clock of rain');
    expect(messages).toContain('Added the picture');
    expect(results.deploy['deploymentUrl']).toContain(urls.deploy);
    const page = await fetch(results.deploy['deploymentUrl'] ?? '');
    expect(await page.text()).toBe(results.code['code']);
  });

  test('an agent whose peer cannot be reached fails temporarily, and says which peer', async ({ start, folder }) => {
    const port = await freePort();
    const { url } = await start(['deploy'], { CODE_AGENT_URL: `http://127.0.0.1:${port}`, DATA_DIR: folder });
    const codeCid = 'bafkreigbs2cffgcyfqu66uft4niyz2lebszyaqqysly3be4fkaecqlvpvm';
    const answer = await post(`${url}/deploy`, { codeCid, roomId: 'r' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      retryable: true,
      error: expect.stringMatching(
        new RegExp(`^${codeCid} is not stored here, and 127\\.0\\.0\\.1:${port} could not be asked`),
      ),
    });
  });

  test('an answer of a peer whose bytes do not have the CID is not published', async ({ start }) => {
    const signInPage = createServer((_req, res) => res.end('<h1>Sign in</h1>')).listen(0, '127.0.0.1');
    await once(signInPage, 'listening');
    const { port } = signInPage.address() as AddressInfo;
    const { url } = await start(['deploy'], { CODE_AGENT_URL: `http://127.0.0.1:${port}` });
    const codeCid = 'bafkreigbs2cffgcyfqu66uft4niyz2lebszyaqqysly3be4fkaecqlvpvm';
    const answer = await post(`${url}/deploy`, { codeCid, roomId: 'r' });
    signInPage.close();
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      retryable: false,
      error: expect.stringContaining('no page is stored'),
    });
  });
});

describe('stopping an agent', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s lets a call in progress end, then the agent exits with 0',
    async (signal) => {
      const folder = await makeTemporaryFolder();
      const agent = startCli(['agent', 'story', '--port', '0', '--data', folder], {
        STORY_AGENT_BEHAVIOUR: 'delay=1000',
      });
      const url = await agent.printed(/^Ready: \w+ at (\S+)$/m);
      const call = post(`${url}/generate`, { input: 'x' }, { Accept: 'application/json' });
      // The connection of the call is open once a later request has been answered.
      await fetch(`${url}/health`);
      agent.child.kill(signal);
      expect((await call).status).toBe(200);
      expect(await agent.code).toBe(0);
      await rm(folder, { recursive: true });
    },
  );

  test('a call that outlasts SHUTDOWN_GRACE_MS is cut off', async ({ start }) => {
    const agent = await start(['story'], { STORY_AGENT_BEHAVIOUR: 'hang', SHUTDOWN_GRACE_MS: '50' });
    const call = post(`${agent.url}/generate`, { input: 'x' }).then(
      () => 'answered',
      () => 'cut off',
    );
    await fetch(`${agent.url}/health`);
    agent.child.kill('SIGTERM');
    expect(await call).toBe('cut off');
    expect(await agent.code).toBe(0);
  });
});

describe('an agent that cannot start', () => {
  async function failToStart(args: string[], env: Record<string, string> = {}) {
    const agent = startCli(['agent', 'story', ...args], env);
    return { code: await agent.code, err: agent.err() };
  }

  test('an agent whose port is in use names the port and the option', async ({ start, folder }) => {
    const { port } = new URL((await start(['story'])).url);
    const { code, err } = await failToStart(['--port', port, '--data', folder]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or set --port to another port (0 selects a free one).\n`,
    });
  });

  test('an agent whose folder cannot be used names the folder and the reason', async ({ folder }) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, err } = await failToStart(['--port', '0', '--data', file]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^The folder \S+file cannot be used \(E[A-Z]+: .+\)\. Set --data or DATA_DIR to another one\.\n$/,
    );
  });

  test('an agent with an invalid variable names it', async () => {
    const { code, err } = await failToStart(['--port', '0'], { PUBLIC_URL: 'ftp://x', SHUTDOWN_GRACE_MS: 'soon' });
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/^PUBLIC_URL: must be /),
      expect.stringMatching(/^SHUTDOWN_GRACE_MS: must be /),
    ]);
  });

  test('an agent on an address that is not of this machine names the option', async ({ folder }) => {
    const { code, err } = await failToStart(['--port', '0', '--host', '203.0.113.7', '--data', folder]);
    expect(code).toBe(1);
    expect(err).toMatch(/^--host 203\.0\.113\.7 is not an address of this machine\. Set --host to one that is/);
  });
});
