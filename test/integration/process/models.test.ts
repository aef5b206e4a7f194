import { expect } from 'vitest';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { logText } from '../../support/clients/room-log-clients.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { KEY } from '../../support/models/agents-with-model.ts';
import { ANSWERS, agentOf, answersAll, PAGE, STORY, STORY_BODY } from '../../support/models/answers.ts';
import {
  type ModelRequest,
  type ModelServerDouble,
  type Play,
  startModelServer,
} from '../../support/models/model-server.ts';
import { breaksOff, fails, hangs, streams } from '../../support/models/plays.ts';
import { type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const IDEA = 'a freezer that belongs to my neighbour Denise';
const START = `mutation ($userInput: String!) {
  startWorkflow(input: { userInput: $userInput }) { workflow { id } room { id } }
}`;
const STATE = `query ($id: ID!) {
  workflow(id: $id) {
    status
    usage { costUsd images outputTokens wastedCostUsd }
    steps { agent status result usage { outputTokens } attempts { number error } }
  }
}`;

type State = {
  workflow: {
    status: string;
    usage: Record<string, unknown> | null;
    steps: {
      agent: string;
      status: string;
      result: Record<string, unknown> | null;
      usage: Record<string, unknown> | null;
      attempts: { number: number; error: string | null }[];
    }[];
  };
};

type Started = { workflowId: string; roomId: string };

const test = base.extend<{
  model: ModelServerDouble;
  serve: (env?: Record<string, string>) => Promise<ServiceProcess>;
}>({
  model: async ({}, use) => {
    const model = await startModelServer(answersAll);
    await use(model);
    await model.close();
  },
  /** Starts the service with the models of `model`, on the database of the test. */
  serve: async ({ database, model }, use) => {
    const running: ServiceProcess[] = [];
    await use(async (env = {}) => {
      const service = await startService({
        ...{ DATABASE_URL: database.url, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'test-model' },
        ...{ RETRY_INITIAL_DELAY_MS: '100', ...env },
      });
      running.push(service);
      return service;
    });
    await Promise.all(running.map((service) => service.stop('SIGKILL')));
  },
});

async function startWorkflow(service: ServiceProcess): Promise<Started> {
  const answer = await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(
    service.graphqlUrl,
    START,
    { userInput: IDEA },
  );
  const { workflow, room } = dataOf(answer).startWorkflow;
  return { workflowId: workflow.id, roomId: room.id };
}

async function stateOf(service: ServiceProcess, { workflowId }: Started) {
  const { workflow } = dataOf(await query<State>(service.graphqlUrl, STATE, { id: workflowId }));
  const step = (agent: string) => workflow.steps.find((candidate) => candidate.agent === agent);
  return { ...workflow, step };
}

/** The requests of one agent. */
const requestsOf = (model: ModelServerDouble, agent: ReturnType<typeof agentOf>): ModelRequest[] =>
  model.requests.filter((request) => agentOf(request) === agent);

/** Answers one agent with a play, and the others as usual. */
const playing =
  (agent: ReturnType<typeof agentOf>, play: Play): Play =>
  (response, request) =>
    (agentOf(request) === agent ? play : answersAll)(response, request);

test('with a key in the environment the agents use models, the cost is known, and neither key nor prompt is in a log', async ({
  model,
  serve,
  rows,
}) => {
  const service = await serve({
    ...{ OPENAI_IMAGE_MODEL: 'painter', LOG_LEVEL: 'trace' },
    ...{ MODEL_PRICE_INPUT_PER_MILLION: '1', MODEL_PRICE_OUTPUT_PER_MILLION: '10', MODEL_PRICE_PER_IMAGE: '0.04' },
  });
  const started = await startWorkflow(service);
  await rows.ended(started.workflowId);
  const { status, usage, step } = await stateOf(service, started);
  expect(status).toBe('SUCCEEDED');
  expect(step('STORY')?.result).toMatchObject({ story: STORY_BODY, metadata: { model: 'test-model' } });
  expect(step('CODE')?.result).toMatchObject({ tested: true, patchAttempts: 0 });
  const page = await fetch(String(step('DEPLOY')?.result?.['deploymentUrl']));
  expect(await page.text()).toContain('<h1>The Clock of Rain</h1><img src="data:image/png;base64,');
  expect(usage).toEqual({ costUsd: 0.04156, images: 1, outputTokens: null, wastedCostUsd: 0 });
  expect(service.output()).toContain('Using the models test-model and painter at 127.0.0.1:');
  const log = await logText(service.graphqlUrl, started.roomId, {});
  expect(`${service.output()}${log}`).not.toContain(KEY);
  expect(service.output()).not.toContain('Denise');
  expect(model.requests.map(agentOf)).toEqual(['story', 'scene', 'picture', 'page']);
});

test('after kill -9 in the middle of a stream, the story is asked for again, and the workflow succeeds', async ({
  model,
  serve,
  rows,
}) => {
  model.play = playing(
    'story',
    breaksOff(STORY.slice(0, 60), () => {}),
  );
  const service = await serve();
  const started = await startWorkflow(service);
  await waitFor('the story to be begun', () => requestsOf(model, 'story').length === 1);
  await service.stop('SIGKILL');
  model.play = answersAll;
  const next = await serve();
  await rows.ended(started.workflowId);
  const { status, step } = await stateOf(next, started);
  expect(status).toBe('SUCCEEDED');
  expect(step('STORY')).toMatchObject({ attempts: [{ number: 1 }], result: { story: STORY_BODY } });
  expect(requestsOf(model, 'story')).toHaveLength(2);
});

test('after kill -9, what was paid is not paid again', async ({ model, serve, rows }) => {
  const broken = PAGE.replace('hidden = false; });', 'hidden = false; ');
  let pages = 0;
  model.play = playing('page', (response, request) => {
    pages += 1;
    return (pages === 1 ? streams(broken) : hangs)(response, request);
  });
  const service = await serve();
  const started = await startWorkflow(service);
  await waitFor('the repair to be asked for', () => requestsOf(model, 'page').length === 2);
  await service.stop('SIGKILL');
  model.play = answersAll;
  const next = await serve();
  await rows.ended(started.workflowId);
  const { status, step, usage } = await stateOf(next, started);
  expect(status).toBe('SUCCEEDED');
  expect(step('CODE')).toMatchObject({ attempts: [{ number: 1 }], result: { tested: true, patchAttempts: 1 } });
  const [first, second, third] = requestsOf(model, 'page');
  expect(requestsOf(model, 'page')).toHaveLength(3);
  expect(third?.headers['idempotency-key']).toBe(second?.headers['idempotency-key']);
  expect(first?.headers['idempotency-key']).not.toBe(second?.headers['idempotency-key']);
  // Story and scene are counted once. What the repair used that was broken off is unknown, and so is the sum.
  expect([step('STORY')?.usage, step('ASSET')?.usage]).toEqual([{ outputTokens: 40 }, { outputTokens: 40 }]);
  expect([step('CODE')?.usage, usage?.['outputTokens']]).toEqual([{ outputTokens: null }, null]);
});

test('a story that takes longer than the step may is paid once, and the next attempt answers with it', async ({
  model,
  serve,
  rows,
}) => {
  const gate = Promise.withResolvers<void>();
  model.play = playing('story', async (response, request) => {
    await gate.promise;
    await ANSWERS.story(response, request);
  });
  const service = await serve({ STORY_AGENT_TIMEOUT_MS: '1000', RETRY_MAX_ATTEMPTS: '5' });
  const started = await startWorkflow(service);
  await waitFor('the second attempt', async () => (await rows.attempts(started.workflowId, 'story')).length >= 2);
  gate.resolve();
  await rows.ended(started.workflowId);
  const { status, step } = await stateOf(service, started);
  expect(status).toBe('SUCCEEDED');
  expect(step('STORY')?.attempts[0]?.error).toMatch(/within 1 s/);
  expect(requestsOf(model, 'story')).toHaveLength(1);
});

test('a rate limit lengthens the wait before the next attempt', async ({ model, serve, rows }) => {
  let stories = 0;
  model.play = playing('story', (response, request) => {
    stories += 1;
    return (stories === 1 ? fails(429, 'slow down', { 'Retry-After': '2' }) : ANSWERS.story)(response, request);
  });
  const service = await serve();
  const started = await startWorkflow(service);
  await rows.ended(started.workflowId);
  const [first, second] = await rows.attempts(started.workflowId, 'story');
  expect(first?.error).toMatch(/rate limit \(429\): slow down/);
  expect((second?.startedAt.getTime() ?? 0) - (first?.finishedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(1_900);
});

test('a refused key ends the step at once, with what to do', async ({ model, serve, rows }) => {
  model.play = fails(401, `Incorrect API key provided: ${KEY}`);
  const service = await serve();
  const started = await startWorkflow(service);
  await rows.ended(started.workflowId);
  const [only, ...more] = await rows.attempts(started.workflowId, 'story');
  expect(more).toEqual([]);
  expect(only?.error).toMatch(/refused the key \(401\): set OPENAI_API_KEY to one that may use the model/);
  expect(only?.error).not.toContain(KEY);
});
