import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { paidAnswersInMemory } from '../../../src/built-in-agents/model/paid-answers-in-memory.ts';
import { openFolderPaidAnswers } from '../../../src/contents/folder-paid-answers.ts';
import { createPaidAnswers } from '../../../src/db/paid-answers.ts';
import type { PaidAnswers } from '../../../src/orchestrator/ports/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { type AgentsWithModel, startAgentsWithModel } from '../../support/models/agents-with-model.ts';
import { STORY, STORY_BODY } from '../../support/models/answers.ts';
import { type ModelServerDouble, type Play, startModelServer } from '../../support/models/model-server.ts';
import { breaksOff, fails, streams } from '../../support/models/plays.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

let database: TestDatabase;
let folder: string;
let model: ModelServerDouble;
let running: AgentsWithModel[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await makeTemporaryFolder();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  model = await startModelServer(streams(STORY));
});
afterEach(async () => {
  await Promise.all(running.map((agents) => agents.close()));
  running = [];
  await model.close();
});

const STORES: [string, () => PaidAnswers | Promise<PaidAnswers>][] = [
  ['in memory', paidAnswersInMemory],
  ['in PostgreSQL', () => createPaidAnswers(database.db)],
  ['in a folder', () => openFolderPaidAnswers(folder)],
];

/** Agents of one process. */
async function start(play: Play, answers: PaidAnswers): Promise<AgentsWithModel> {
  model.play = play;
  const agents = await startAgentsWithModel(model, {}, answers);
  running.push(agents);
  return agents;
}

let keys = 0;
function newKey(): string {
  keys += 1;
  return `workflow-${keys}:story`;
}

/** A model that writes the first half, waits, and writes the rest. */
function inTwoHalves(): { play: Play; finish: () => void } {
  const gate = Promise.withResolvers<void>();
  return {
    finish: gate.resolve,
    play: async (response, request) => {
      await breaksOff(STORY.slice(0, 50), () => {})(response, request);
      await gate.promise;
      const rest = { choices: [{ delta: { content: STORY.slice(50) }, finish_reason: 'stop' }] };
      response.end(`data: ${JSON.stringify(rest)}\n\ndata: [DONE]\n\n`);
    },
  };
}

describe.each(STORES)('an answer that was paid for, kept %s', (_where, createAnswers) => {
  test('a call with the same Idempotency-Key gets the paid answer, and its usage is not reported again', async () => {
    const agents = await start(streams(STORY), await createAnswers());
    const key = newKey();
    const first = await agents.call('story', { input: 'x' }, { key });
    const second = await agents.call('story', { input: 'x' }, { key });
    expect(second.result).toEqual(first.result);
    expect(second.texts).toEqual({ story: STORY_BODY });
    expect([first.usages.length, second.usages.length]).toEqual([1, 0]);
    expect(second.logs).toContainEqual(expect.stringMatching(/not paid again/));
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.headers['idempotency-key']).toMatch(new RegExp(`^${key}:[0-9a-f]{16}$`));
  });

  test('another Idempotency-Key, another idea or another variation is paid', async () => {
    const agents = await start(streams(STORY), await createAnswers());
    const key = newKey();
    await agents.call('story', { input: 'x' }, { key });
    await agents.call('story', { input: 'x' }, { key: newKey() });
    await agents.call('story', { input: 'y' }, { key });
    await agents.call('story', { input: 'x', variation: 1 }, { key });
    expect(model.requests).toHaveLength(4);
    expect(new Set(model.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(4);
  });

  test('a call during the first with the same key waits for it, and gets the whole text', async () => {
    const { play, finish } = inTwoHalves();
    const agents = await start(play, await createAnswers());
    const key = newKey();
    const first = agents.call('story', { input: 'x' }, { key });
    await waitFor('the first request', () => model.requests.length === 1);
    const second = agents.call('story', { input: 'x' }, { key });
    // Long enough for a second request, if there were one.
    await new Promise((resolve) => setTimeout(resolve, 200));
    finish();
    expect((await second).texts).toEqual({ story: STORY_BODY });
    expect((await second).result['story']).toBe((await first).result['story']);
    expect((await first).usages.length + (await second).usages.length).toBe(1);
    expect(model.requests).toHaveLength(1);
  });

  test('a request goes on when its caller goes, and the retry gets the answer with its usage', async () => {
    const { play, finish } = inTwoHalves();
    const agents = await start(play, await createAnswers());
    const key = newKey();
    const gone = new AbortController();
    const first = agents.call('story', { input: 'x' }, { key, signal: gone.signal });
    await waitFor('the first request', () => model.requests.length === 1);
    gone.abort();
    await expect(first).rejects.toThrow();
    finish();
    const second = await agents.call('story', { input: 'x' }, { key });
    expect(second.result['story']).toBe(STORY_BODY);
    expect(second.usages).toHaveLength(1);
    expect(model.requests).toHaveLength(1);
  });

  test('a request without a key ends when its caller goes', async () => {
    const { play, finish } = inTwoHalves();
    const agents = await start(play, await createAnswers());
    const gone = new AbortController();
    const first = agents.call('story', { input: 'x' }, { signal: gone.signal });
    await waitFor('the request', () => model.requests.length === 1);
    gone.abort();
    await expect(first).rejects.toThrow();
    await model.requests[0]?.closed;
    finish();
  });

  test.each<[string, Play]>([
    ['a stream that breaks', breaksOff(STORY.slice(0, 40), (response) => void response.destroy())],
    ['a rate limit', fails(429, 'slow down')],
  ])('%s is no answer: the next call pays', async (_what, play) => {
    const agents = await start(play, await createAnswers());
    const key = newKey();
    expect((await agents.call('story', { input: 'x' }, { key })).last).toMatchObject({ retryable: true });
    model.play = streams(STORY);
    expect((await agents.call('story', { input: 'x' }, { key })).result['story']).toBe(STORY_BODY);
    expect(model.requests).toHaveLength(2);
  });
});

describe('paid answers of several processes', () => {
  test('another process gets the answer that this one paid for', async () => {
    const one = await start(streams(STORY), createPaidAnswers(database.db));
    const other = await start(streams(STORY), createPaidAnswers(database.db));
    const key = newKey();
    await one.call('story', { input: 'x' }, { key });
    expect((await other.call('story', { input: 'x' }, { key })).result['story']).toBe(STORY_BODY);
    expect(model.requests).toHaveLength(1);
  });

  test('another process waits while this one pays', async () => {
    const { play, finish } = inTwoHalves();
    const one = await start(play, createPaidAnswers(database.db));
    const other = await start(play, createPaidAnswers(database.db));
    const key = newKey();
    const first = one.call('story', { input: 'x' }, { key });
    await waitFor('the first request', () => model.requests.length === 1);
    const second = other.call('story', { input: 'x' }, { key });
    await new Promise((resolve) => setTimeout(resolve, 700));
    finish();
    expect((await second).result['story']).toBe((await first).result['story']);
    expect(model.requests).toHaveLength(1);
  });

  test('the claim of a process that died ends after ten seconds, and only its holder prolongs it', async () => {
    const dead = createPaidAnswers(database.db);
    const next = createPaidAnswers(database.db);
    expect(await dead.claim('a')).toBe('claimed');
    expect(await next.claim('a')).toBe('taken');
    const secondsLeft = async () => {
      const [row] = await database.client<{ left: number }[]>`
        select extract(epoch from claimed_until - clock_timestamp())::float as left from paid_answers where id = 'a'`;
      return row?.left ?? 0;
    };
    expect(await secondsLeft()).toBeGreaterThan(5);
    expect(await secondsLeft()).toBeLessThanOrEqual(10);
    await database.client`update paid_answers set claimed_until = clock_timestamp() - interval '1 s' where id = 'a'`;
    await next.renew(['a']);
    expect(await secondsLeft()).toBeLessThan(0);
    expect(await next.claim('a')).toBe('taken over');
    await dead.release('a');
    await dead.renew(['a']);
    expect(await dead.claim('a')).toBe('taken');
  });

  test('in a folder the claim of a process that died ends after ten seconds, too', async () => {
    const dead = await openFolderPaidAnswers(folder);
    const next = await openFolderPaidAnswers(folder);
    expect(await dead.claim('d')).toBe('claimed');
    expect(await next.claim('d')).toBe('taken');
    const past = new Date(Date.now() - 11_000);
    await utimes(join(folder, 'd.claim'), past, past);
    await next.renew(['d']);
    expect(await next.claim('d')).toBe('taken over');
    await next.save('d', '1');
    expect(await dead.claim('d')).toEqual({ json: '1', isReported: false });
  });

  test('what the request of a process that died has used is unknown, and reported once', async () => {
    const { play } = inTwoHalves();
    const dead = await start(play, createPaidAnswers(database.db));
    const next = await start(play, createPaidAnswers(database.db));
    const key = newKey();
    const gone = new AbortController();
    const first = dead.call('story', { input: 'x' }, { key, signal: gone.signal });
    await waitFor('the first request', () => model.requests.length === 1);
    gone.abort();
    await expect(first).rejects.toThrow();
    await database.client`update paid_answers set claimed_until = clock_timestamp() - interval '1 s' where answer is null`;
    model.play = streams(STORY);
    const second = await next.call('story', { input: 'x' }, { key });
    const third = await next.call('story', { input: 'x' }, { key });
    expect(second.usages).toEqual([{ model: 'test-model', images: 0 }, expect.objectContaining({ outputTokens: 40 })]);
    expect(third.usages).toEqual([]);
  });

  test('the answer that is saved first stays, and answers older than a week are removed with the next claim', async () => {
    const answers = createPaidAnswers(database.db);
    await answers.save('b', '1');
    await answers.save('b', '2');
    expect(await answers.claim('b')).toEqual({ json: '1', isReported: false });
    await database.client`update paid_answers set created_at = clock_timestamp() - interval '8 days' where id = 'b'`;
    await answers.claim('c');
    expect(await answers.claim('b')).toBe('claimed');
  });
});
