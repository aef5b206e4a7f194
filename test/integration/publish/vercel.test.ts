import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cidOf } from '../../../src/built-in-agents/cid.ts';
import { createVercel } from '../../../src/built-in-agents/publish/vercel/vercel.ts';
import type { VercelSettings } from '../../../src/built-in-agents/publish/vercel/vercel-api.ts';
import { type BuiltInAgents, startBuiltInAgents } from '../../../src/built-in-agents/start-built-in-agents.ts';
import type { Content } from '../../../src/orchestrator/ports/content.ts';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { freePort } from '../../support/network/free-port.ts';
import { startVercel, type VercelServer } from '../../support/publish/vercel-server.ts';

const TOKEN = 'vercel-token-of-a-test';
const PAGE = '<!doctype html><title>Lamp</title><p>It hums.';
const LARGE_PAGE = `<!doctype html><title>Lamp</title>${'<p>It hums.'.repeat(300_000)}`;

let vercel: VercelServer;
let stored: Map<string, Content>;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  stored = new Map();
  vercel = await vercelWith();
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function vercelWith(team?: string): Promise<VercelServer> {
  const server = await startVercel({ token: TOKEN, ...(team !== undefined && { team }) });
  closing.push(server.close);
  return server;
}

async function store(html: string): Promise<string> {
  const bytes = new TextEncoder().encode(html);
  const cid = await cidOf(bytes);
  stored.set(cid, { contentType: 'text/html', bytes });
  return cid;
}

async function agentsWith(settings: Partial<VercelSettings> = {}): Promise<BuiltInAgents> {
  const agents = await startBuiltInAgents({
    content: {
      put: async (cid, value) => void stored.set(cid, value),
      get: async (cid) => stored.get(cid) ?? null,
    },
    publicUrl: 'http://rooms.example',
    deployPage: createVercel({ apiUrl: vercel.url, token: TOKEN, team: null, ...settings }, 5),
  });
  closing.push(agents.close);
  return agents;
}

/** One call of DeployAgent; every call has the same Idempotency-Key. */
async function deploy(html = PAGE, input: Record<string, unknown> = {}, settings: Partial<VercelSettings> = {}) {
  const { urls } = await agentsWith(settings);
  const codeCid = await store(html);
  const { outcome, lines } = await attemptAgent(urls, { agent: 'deploy', input: { codeCid, roomId: 'r1', ...input } });
  const messages = lines.map(({ level, message }) => `${level}: ${message}`);
  return { result: outcome.type === 'succeeded' ? outcome.result : null, outcome, messages, codeCid };
}

const created = () => vercel.calls.filter((call) => call === 'POST /v13/deployments').length;

describe('deploying to Vercel', () => {
  test('a page is deployed, waited for with its progress in the log, and found to be public', async () => {
    const { result, messages, codeCid } = await deploy();
    expect(result).toEqual({
      success: true,
      deploymentUrl: `${vercel.url}/dpl_1`,
      deploymentId: 'dpl_1',
      cid: codeCid,
      metadata: {
        host: 'vercel',
        project: 'hauntedai-r1',
        visibility: 'public',
        localUrl: `http://rooms.example/deployments/${codeCid}/`,
      },
    });
    expect(messages).toEqual([
      'info: Loading the page',
      'info: Stored the page under the CID of its content',
      'info: Deploying to Vercel as hauntedai-r1',
      'info: Vercel: queued',
      'info: Vercel: building',
      'info: Vercel: ready',
      'info: Published the page',
    ]);
    expect(await (await fetch(`${vercel.url}/dpl_1`)).text()).toBe(PAGE);
    expect(stored.has(codeCid)).toBe(true);
  });

  test('a large page is uploaded first, by its SHA-1', async () => {
    const { result } = await deploy(LARGE_PAGE);
    expect(result).toMatchObject({ success: true, deploymentId: 'dpl_1' });
    expect(vercel.calls.slice(0, 3)).toEqual(['GET /v6/deployments', 'POST /v2/files', 'POST /v13/deployments']);
    expect(Buffer.from(vercel.deployments[0]?.page ?? []).toString()).toBe(LARGE_PAGE);
  });

  test('a page that is built from the story, because there is no code, is deployed as well', async () => {
    const { result } = await deploy(PAGE, { codeCid: null, story: 'A lamp hums in the attic.' });
    expect(result).toMatchObject({ success: true, deploymentUrl: `${vercel.url}/dpl_1` });
  });

  test('projectName names the project', async () => {
    expect((await deploy(PAGE, { projectName: 'The Lamp!' })).result).toMatchObject({
      metadata: { project: 'the-lamp' },
    });
  });

  test.each(['team_abc', 'my-team'])('the team %s may be given by its id or its slug', async (team) => {
    vercel = await vercelWith(team);
    expect((await deploy(PAGE, {}, { team })).result).toMatchObject({ success: true });
  });
});

describe('a repeated call', () => {
  test('a call that is repeated after a crash continues with the deployment of the first', async () => {
    vercel.states = ['BUILDING', 'BUILDING', 'READY'];
    vercel.failures.push({ on: /GET \/v13/, answer: { status: 401, body: '{}' } });
    expect((await deploy()).result).toBeNull();
    const { result, messages } = await deploy();
    expect(result).toMatchObject({ deploymentId: 'dpl_1' });
    expect(messages).toContain('info: Continuing with the deployment to Vercel that was made before');
    expect(created()).toBe(1);
  });

  test('a deployment whose answer was lost is not made twice', async () => {
    vercel.failures.push({ on: /POST \/v13/, answer: 'lost' });
    const { outcome } = await deploy();
    expect(outcome).toMatchObject({ failure: { message: expect.stringContaining('Vercel is not reachable') } });
    expect((await deploy()).result).toMatchObject({ deploymentId: 'dpl_1' });
    expect(created()).toBe(1);
  });

  test('another page under the same key is a deployment of its own', async () => {
    await deploy();
    expect((await deploy(`${PAGE} Twice.`)).result).toMatchObject({ deploymentId: 'dpl_2' });
  });

  test('a deployment that failed on Vercel is made again', async () => {
    vercel.states = ['BUILDING', 'ERROR'];
    const { outcome } = await deploy();
    expect(outcome).toMatchObject({
      failure: { message: 'the deployment dpl_1 failed on Vercel: Command "build" exited with 1', final: false },
    });
    vercel.states = ['READY'];
    expect((await deploy()).result).toMatchObject({ deploymentId: 'dpl_2' });
  });
});

describe('a login in front of the deployment', () => {
  test('if the project’s address is public, that is the URL', async () => {
    vercel.protection = 'own address';
    const { result, messages } = await deploy();
    expect(result).toMatchObject({
      deploymentUrl: `${vercel.url}/project/hauntedai-r1`,
      metadata: { visibility: 'public', protectedUrl: `${vercel.url}/dpl_1` },
    });
    expect(messages.join('\n')).toContain('asks for a login, so using that of its project');
  });

  test('a page to which Vercel adds something is public all the same', async () => {
    vercel.addition = '<script src="/_vercel/toolbar.js"></script>';
    expect((await deploy()).result).toMatchObject({ metadata: { visibility: 'public' } });
  });

  test('a deployment that nobody can see without a login succeeds with a warning', async () => {
    vercel.protection = 'all';
    const { result, messages } = await deploy();
    expect(result).toMatchObject({
      success: true,
      deploymentUrl: `${vercel.url}/dpl_1`,
      metadata: { visibility: 'protected', localUrl: expect.stringContaining('http://rooms.example/deployments/') },
    });
    expect(messages).toContain(
      `warn: Protected, not public: ${vercel.url}/dpl_1 asks visitors for a login. To change that, turn off Deployment ` +
        'Protection in the settings of the project hauntedai-r1 on Vercel',
    );
  });
});

describe('failures of Vercel', () => {
  test('a rate limit is passed on with its Retry-After', async () => {
    const body = JSON.stringify({ error: { code: 'rate_limited', message: 'Too many deployments' } });
    vercel.failures.push({ on: /POST \/v13/, answer: { status: 429, headers: { 'Retry-After': '17' }, body } });
    expect((await deploy()).outcome).toMatchObject({
      failure: {
        message: 'Vercel cannot deploy at the moment (HTTP 429: Too many deployments)',
        final: false,
        retryAfterMs: 17_000,
      },
    });
  });

  test('an error of Vercel is retryable, and a poll or two that fail are not even a failure', async () => {
    const answer = { status: 503, body: '<html>Service Unavailable</html>' };
    vercel.failures.push({ on: /GET \/v13/, answer }, { on: /GET \/v13/, answer });
    expect((await deploy()).result).toMatchObject({ success: true });
    vercel.failures.push({ on: /GET \/v6/, answer });
    expect((await deploy()).outcome).toMatchObject({
      failure: { message: 'Vercel cannot deploy at the moment (HTTP 503)', final: false },
    });
  });

  test('a token that is refused is final, with what to do and without the token', async () => {
    const { outcome } = await deploy(PAGE, {}, { token: 'wrong-token-of-a-test' });
    expect(outcome).toMatchObject({
      failure: {
        message:
          'Vercel refused the token (HTTP 403: Not authorized): create one at vercel.com/account/tokens, set VERCEL_TOKEN ' +
          'to it, and VERCEL_TEAM_ID to a team that it may deploy to, or unset it',
        final: true,
      },
    });
  });

  test('a request that Vercel refuses is final', async () => {
    const body = JSON.stringify({ error: { code: 'bad_request', message: 'Invalid name' } });
    vercel.failures.push({ on: /POST \/v13/, answer: { status: 400, body } });
    expect((await deploy()).outcome).toMatchObject({
      failure: { message: 'Vercel refused the deployment (HTTP 400: Invalid name)', final: true },
    });
  });

  test('a deployment that somebody cancelled is final', async () => {
    vercel.states = ['CANCELED'];
    expect((await deploy()).outcome).toMatchObject({
      failure: { message: 'the deployment dpl_1 was cancelled on Vercel', final: true },
    });
  });

  test('a server that is not running is retryable', async () => {
    const apiUrl = `http://127.0.0.1:${await freePort()}`;
    expect((await deploy(PAGE, {}, { apiUrl })).outcome).toMatchObject({
      failure: { message: `Vercel is not reachable at ${apiUrl}: ECONNREFUSED`, final: false },
    });
  });

  test('a server that is not Vercel is named', async () => {
    vercel.failures.push({ on: /./, answer: { status: 200, headers: {}, body: '<html>hello</html>' } });
    expect((await deploy()).outcome).toMatchObject({
      failure: { message: expect.stringMatching(/^VERCEL_API_URL: .* it is not Vercel's API: unset it$/), final: true },
    });
  });

  test('a call that is cancelled ends while Vercel builds', async () => {
    vercel.states = Array.from({ length: 10_000 }, () => 'BUILDING');
    const { urls } = await agentsWith();
    const codeCid = await store(PAGE);
    const cancel = new AbortController();
    const attempt = attemptAgent(urls, {
      agent: 'deploy',
      input: { codeCid, roomId: 'r1' },
      signal: cancel.signal,
      onProgress: async ({ message }) => {
        if (message === 'Vercel: building') cancel.abort();
      },
    });
    await expect(attempt).rejects.toThrow('aborted');
    const polls = vercel.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(vercel.calls.length - polls).toBeLessThan(5);
  });
});
