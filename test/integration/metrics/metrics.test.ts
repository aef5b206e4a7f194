import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSharedReading } from '../../../src/db/shared-reading.ts';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { hang, json, stream } from '../../support/agents/scripted-answers.ts';
import { query, subscribeSse, subscribeWs } from '../../support/clients/graphql-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { programFromDebian } from '../../support/processes/debian-package.ts';
import { agentUrls } from '../../support/processes/service-process.ts';
import { startApp, type TestApp } from '../../support/server/test-app.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let agents: ScriptedAgents;
let app: TestApp;

beforeEach(async () => {
  database = await createTestDatabase();
  agents = await startScriptedAgents();
});
afterEach(async () => {
  await app?.close();
  await agents.close();
  await database.drop();
});

async function open(env: Record<string, string> = {}): Promise<void> {
  const urls = agentUrls(agents.urls);
  app = await startApp({
    DATABASE_URL: database.url,
    METRICS_PORT: '0',
    RETRY_INITIAL_DELAY_MS: '100',
    ...urls,
    ...env,
  });
}

async function scrape(): Promise<string> {
  const response = await fetch(app.metricsUrl ?? '');
  expect(response.status).toBe(200);
  return response.text();
}

/** The value of each series, by the metric's name without its prefix and its labels. */
async function values(): Promise<Record<string, number>> {
  const lines = (await scrape()).split('\n').filter((line) => line.startsWith('hauntedai_'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice('hauntedai_'.length, at), Number(line.slice(at + 1))];
    }),
  );
}

const start = (userInput = 'a lamp') =>
  query(
    app.endpoint,
    'mutation ($userInput: String!) { startWorkflow(input: { userInput: $userInput }) { replayed } }',
    {
      userInput,
    },
  );

const waitForValue = (series: string, value: number) =>
  waitFor(`${series} to be ${value}`, async () => (await values())[series] === value);

describe('GET /metrics', () => {
  test('tells the story of a run with a failing agent', async () => {
    agents.script.story = () =>
      stream([{ usage: { inputTokens: 10, costUsd: 0.5 } }, { result: { story: 'A lamp.' } }]);
    agents.script.code = (_call, nth) =>
      nth < 3 ? json({ error: 'no' }, { status: 503 }) : json({ code: 'x', cid: 'c' });
    await open();
    await start();
    await waitForValue('workflows_total{outcome="succeeded"}', 1);
    expect(await values()).toMatchObject({
      'steps_total{agent="code",outcome="succeeded"}': 1,
      'steps_total{agent="code",outcome="failed"}': 0,
      'attempts_total{agent="code",outcome="failed",error_code="HTTP_STATUS"}': 2,
      'attempts_total{agent="code",outcome="succeeded",error_code=""}': 1,
      'attempts_total{agent="story",outcome="failed",error_code="TIMEOUT"}': 0,
      'attempt_duration_seconds_count{agent="code"}': 3,
      'step_wait_seconds_count{agent="code",cause="backoff"}': 2,
      'step_wait_seconds_sum{agent="code",cause="backoff"}': expect.closeTo(0.3),
      'step_wait_seconds_count{agent="code",cause="queue"}': 3,
      workflow_duration_seconds_count: 1,
      'model_tokens_total{agent="story",kind="input"}': 10,
      'model_cost_usd_total{agent="story",useful="true"}': 0.5,
      'log_lines_total{level="warn"}': 2,
      'agent_up{agent="story"}': 1,
      'agent_slots{agent="story",state="used"}': 0,
      load_readable: 1,
    });
  });

  test('shows how many steps wait for an agent, for how long, and which slots are used', async () => {
    agents.script.story = hang;
    await open({ STORY_AGENT_CONCURRENCY: '1', MAX_RUNNING_WORKFLOWS_PER_VIEWER: '2' });
    for (const idea of ['a', 'b', 'c']) await start(idea);
    await agents.waitForCall('story');
    const shown = await values();
    expect(shown).toMatchObject({
      'workflows{status="running"}': 2,
      'workflows{status="queued"}': 1,
      'queue_depth{agent="story"}': 1,
      'queue_depth{agent="asset"}': 0,
      'queue_oldest_seconds{agent="asset"}': 0,
      'agent_slots{agent="story",state="used"}': 1,
      'agent_slots{agent="story",state="free"}': 0,
    });
    expect(shown['queue_oldest_seconds{agent="story"}']).toBeGreaterThan(0);
  });

  test('shows who watches, how late lines arrive, what is asked, and how sockets close', async () => {
    agents.script.story = () => stream([{ log: { message: 'one' } }, gate.promise, { result: { story: 'A lamp.' } }]);
    const gate = Promise.withResolvers<void>();
    await open();
    const { data } = await query<{ startWorkflow: { room: { id: string } } }>(
      app.endpoint,
      'mutation { startWorkflow(input: { userInput: "a lamp" }) { room { id } } }',
    );
    const document = `subscription { agentLogs(roomId: "${data?.startWorkflow.room.id}") { message } }`;
    const sse = subscribeSse(app.endpoint, document);
    const ws = subscribeWs(app.endpoint, document);
    await Promise.all([sse.next(), ws.next()]);
    await waitForValue('watchers{transport="websocket"}', 1);
    await waitForValue('watchers{transport="sse"}', 1);
    gate.resolve();
    await waitForValue('workflows_total{outcome="succeeded"}', 1);
    await query(app.endpoint, '{ workflow(id: "x") { id } viewer { id } }');
    await Promise.all([sse.return(undefined), ws.return(undefined)]);
    await waitForValue('watchers{transport="websocket"}', 0);
    const shown = await values();
    expect(shown).toMatchObject({
      'graphql_requests_total{operation="mutation",outcome="ok"}': 1,
      'graphql_requests_total{operation="subscription",outcome="ok"}': 2,
      'graphql_requests_total{operation="query",outcome="ok"}': 1,
      db_statements_waiting: 0,
    });
    expect(shown['delivery_lag_seconds_count']).toBeGreaterThan(5);
    expect(shown['delivery_lag_seconds_sum']).toBeLessThan(30);
    await waitForValue('ws_closed_total{code="1000"}', 1);
  });

  test('is accepted by Prometheus, names no ids, and answers nothing else', async () => {
    await open();
    const { data } = await start();
    await waitForValue('workflows_total{outcome="succeeded"}', 1);
    const text = await scrape();
    expect(data).toBeDefined();
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    const check = execFile(await programFromDebian('promtool', 'prometheus'), ['check', 'metrics']);
    let said = '';
    check.stderr?.on('data', (part) => (said += part));
    check.stdin?.end(text);
    await once(check, 'close');
    expect(said.split('\n').filter((line) => line.startsWith('hauntedai_'))).toEqual([]);
    const other = await fetch(new URL('/', app.metricsUrl ?? ''));
    expect([other.status, await other.text()]).toEqual([404, 'Unknown path: use GET /metrics.\n']);
    expect((await fetch(app.metricsUrl ?? '', { method: 'POST' })).status).toBe(405);
  });
});

test('what every process wants to know is read once while it is fresh, and again when it is old', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { reads };
  };
  const fresh = [1, 2, 3].map(() => createSharedReading(database.client, 'a', 60_000, read));
  expect(await fresh[0]?.()).toEqual({ reads: 1 });
  expect(await Promise.all(fresh.map((reading) => reading()))).toEqual([{ reads: 1 }, { reads: 1 }, { reads: 1 }]);
  const old = [1, 2, 3, 4].map(() => createSharedReading(database.client, 'a', 0, read));
  expect(await old[0]?.()).toEqual({ reads: 2 });
  expect(await fresh[0]?.()).toEqual({ reads: 2 });
});
