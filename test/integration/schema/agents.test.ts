import { describe, expect } from 'vitest';
import type { ScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { hang, json, text } from '../../support/agents/scripted-answers.ts';
import { codeOf, dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test as withServices } from '../../support/engine/fixtures.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { bearer, SECRET, tokenOf } from '../../support/server/tokens.ts';
import { waitFor } from '../../support/wait-for.ts';

/** `open` starts the whole service, which is closed at the end of the test. */
const test = withServices.extend<{ open: (env?: Record<string, string>) => Promise<TestApp> }>({
  open: async ({ database }, use) => {
    const apps: TestApp[] = [];
    await use(async (env = {}) => {
      const app = await startApp({ DATABASE_URL: database.url, RETRY_MAX_ATTEMPTS: '1', ...env });
      apps.push(app);
      return app;
    });
    for (const app of apps) await app.close();
  },
});

const urlsOf = ({ urls }: ScriptedAgents) => ({
  STORY_AGENT_URL: urls.story.replace('http://', 'http://me:secret@'),
  ASSET_AGENT_URL: urls.asset,
  CODE_AGENT_URL: urls.code,
  DEPLOY_AGENT_URL: urls.deploy,
});

type Agent = {
  name: string;
  url: string | null;
  healthy: boolean | null;
  unhealthySince: string | null;
  problem: string | null;
  checkedAt: string | null;
  latencyMs: number | null;
  running: number;
  limit: number | null;
  waiting: number;
  oldestWaitingSeconds: number | null;
  recentFailures: number;
};
const AGENTS = `{ agents { name url healthy unhealthySince problem checkedAt latencyMs running limit waiting
  oldestWaitingSeconds recentFailures } }`;
const read = async (endpoint: string, headers = {}) =>
  dataOf(await query<{ agents: [Agent, Agent, Agent, Agent] }>(endpoint, AGENTS, {}, headers)).agents;
const start = (endpoint: string, headers = {}) =>
  query(endpoint, 'mutation { startWorkflow(input: { userInput: "a lamp" }) { replayed } }', {}, headers);

describe('Query.agents', () => {
  test('Query.agents shows who is up, who is down and why, how busy each is, and how many steps wait for a slot', async ({
    agents,
    open,
  }) => {
    agents.script.story = () => hang();
    agents.health.code = text('', { status: 503 });
    const app = await open({ ...urlsOf(agents), STORY_AGENT_CONCURRENCY: '2' });
    for (let n = 0; n < 3; n += 1) await start(app.endpoint);
    await agents.waitForCall('story', 2);

    const [story, asset, code] = await waitFor('the third step to wait for a slot', async () => {
      const all = await read(app.endpoint);
      return all[0].waiting === 1 && all[0].running === 2 && all;
    });
    expect(story).toMatchObject({ name: 'STORY', url: agents.urls.story, healthy: true, limit: 2, recentFailures: 0 });
    expect(story.oldestWaitingSeconds).toBeGreaterThanOrEqual(0);
    expect(story.latencyMs).toBeGreaterThan(0);
    expect(asset).toMatchObject({
      healthy: true,
      problem: null,
      unhealthySince: null,
      running: 0,
      limit: 50,
      waiting: 0,
    });
    expect(asset.oldestWaitingSeconds).toBeNull();
    expect(code.healthy).toBe(false);
    expect(code.problem).toMatch(/^127\.0\.0\.1:\d+ responded to GET \/health with 503$/);
    expect(code.unhealthySince).not.toBeNull();
  });

  test('attempts that failed lately are counted, and other viewers see neither addresses nor hosts', async ({
    agents,
    open,
  }) => {
    agents.health.code = text('', { status: 503 });
    agents.script.asset = () => json({ error: 'no ink' }, { status: 500 });
    const app = await open({ ...urlsOf(agents), AUTH_JWT_SECRET: SECRET });
    const ada = bearer(await tokenOf('ada'));
    const bob = bearer(await tokenOf('bob'));
    await start(app.endpoint, ada);
    for (const caller of [ada, bob]) {
      const all = await waitFor('the failure', async () => {
        const found = await read(app.endpoint, caller);
        return found[1].recentFailures > 0 && found;
      });
      expect(all.map(({ recentFailures }) => recentFailures)).toEqual([0, 1, 0, 0]);
      expect(all.map(({ url, problem }) => [url, problem])).toEqual(all.map(() => [null, null]));
      expect(all[2]).toMatchObject({ name: 'CODE', healthy: false });
    }

    const room = await query<{ viewer: { rooms: { edges: { node: { id: string } }[] } } }>(
      app.endpoint,
      '{ viewer { rooms { edges { node { id } } } } }',
      {},
      ada,
    );
    const created = await query<{ createRoomToken: { token: string } }>(
      app.endpoint,
      'mutation ($id: ID!) { createRoomToken(roomId: $id) { token } }',
      { id: dataOf(room).viewer.rooms.edges[0]?.node.id },
      ada,
    );
    const asRoom = bearer(dataOf(created).createRoomToken.token);
    expect(codeOf(await query(app.endpoint, AGENTS, {}, asRoom))).toBe('UNAUTHENTICATED');
  });

  test('the built-in agents are up, and each has as many slots as this one process allows', async ({ open }) => {
    const app = await open({ CODE_AGENT_GLOBAL_CONCURRENCY: '3' });
    const builtIn = await read(app.endpoint);
    expect(builtIn.map(({ healthy, limit }) => [healthy, limit])).toEqual([
      [true, 50],
      [true, 50],
      [true, 3],
      [true, 50],
    ]);
  });
});
