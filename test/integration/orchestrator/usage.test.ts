import { eq } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import * as tables from '../../../src/db/tables.ts';
import { after, json, stream } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';
import { contextOf, dataOf } from '../../support/graphql/execute.ts';
import { waitFor } from '../../support/wait-for.ts';

const USAGE = '{ model inputTokens outputTokens images costUsd wastedCostUsd }';
const used = (costUsd: number, model = 'm') => ({
  usage: { model, inputTokens: 10, outputTokens: 5, images: 0, costUsd },
});
const story = { result: { story: 'The lamp went out.' } };

describe('what agents report to have used', () => {
  test('is added up per attempt, step and workflow, and what failed attempts cost is told apart', async ({
    agents,
    start,
    rows,
    database,
  }) => {
    agents.script.story = (_call, nth) =>
      nth === 1 ? stream([used(0.1), { error: 'no' }]) : stream([used(0.2), used(0.3), story]);
    agents.script.asset = () => stream([{ usage: { model: 'painter', images: 1 } }, { result: { imageCid: 'i' } }]);
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    const query = `{ workflow(id: "${workflow.id}") {
      usage ${USAGE} steps { agent usage ${USAGE} attempts { number usage ${USAGE} } }
    } }`;
    const data = await dataOf<{ workflow: { usage: unknown; steps: unknown[] } }>(
      contextOf(database.db, 'local'),
      query,
    );
    const first = { model: 'm', inputTokens: 10, outputTokens: 5, images: 0, costUsd: 0.1, wastedCostUsd: 0.1 };
    const second = { model: 'm', inputTokens: 20, outputTokens: 10, images: 0, costUsd: 0.5, wastedCostUsd: 0 };
    const both = { model: 'm', inputTokens: 30, outputTokens: 15, images: 0, costUsd: 0.6, wastedCostUsd: 0.1 };
    const unknown = { inputTokens: null, outputTokens: null, costUsd: null };
    const picture = { ...unknown, model: 'painter', images: 1, wastedCostUsd: 0 };
    expect(data.workflow.usage).toEqual({ ...unknown, model: 'm, painter', images: 1, wastedCostUsd: 0.1 });
    expect(data.workflow.steps).toMatchObject([
      {
        agent: 'STORY',
        usage: both,
        attempts: [
          { number: 1, usage: first },
          { number: 2, usage: second },
        ],
      },
      { agent: 'ASSET', usage: picture, attempts: [{ number: 1, usage: picture }] },
      { agent: 'CODE', usage: null, attempts: [{ number: 1, usage: null }] },
      { agent: 'DEPLOY', usage: null },
    ]);
  });

  test('is saved while the agent still works, and counts again when the call is repeated', async ({
    agents,
    start,
    rows,
    database,
  }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => stream([used(0.25), gate.promise, story]);
    const first = await start();
    const { workflow } = await first.service.start('local', { userInput: 'a lamp' });
    const saved = () => database.db.select().from(tables.usages).where(eq(tables.usages.workflowId, workflow.id));
    const [report] = await waitFor('the usage to be saved', async () => {
      const found = await saved();
      return found.length === 1 && found;
    });
    expect(report).toMatchObject({ agent: 'story', attempt: 1, costUsd: 0.25 });
    await first.stop(0);
    gate.resolve();
    await start();
    await rows.ended(workflow.id);
    expect((await saved()).map(({ attempt, costUsd }) => ({ attempt, costUsd }))).toEqual([
      { attempt: 1, costUsd: 0.25 },
      { attempt: 1, costUsd: 0.25 },
    ]);
  });
});

describe('a maximum cost', () => {
  test('ends the next attempt before its agent is called, and with it every later step', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.story = (_call, nth) => stream([used(0.4), nth === 1 ? { error: 'no' } : story]);
    agents.script.asset = () => json({ imageCid: 'i' });
    const { service } = await start({ maxCostUsd: 0.8 });
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    expect((await rows.ended(workflow.id)).status).toBe('failed');
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'story']);
    const steps = await rows.steps(workflow.id);
    expect(steps.story.status).toBe('succeeded');
    for (const agent of ['asset', 'code', 'deploy'] as const) {
      expect(steps[agent]).toMatchObject({ status: 'failed', attempt: 1, errorCode: 'BUDGET' });
    }
    expect(steps.asset.error).toBe(
      'the agent was not called: this workflow has cost $0.8, and one workflow may cost $0.8 (MAX_COST_USD_PER_WORKFLOW)',
    );
    expect((await rows.room(room.id)).status).toBe('error');
    expect(await rows.rewards(workflow.id)).toEqual([]);
  });

  test('holds when another process makes the next attempt', async ({ agents, start, rows }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.story = () => after(gate.promise, stream([used(2), { error: 'no' }]));
    const policy = { maxAttempts: 3, initialDelayMs: 600, multiplier: 1, maxDelayMs: 600 };
    const first = await start({ maxCostUsd: 1, policy, isSoleProcess: false });
    const { workflow } = await first.service.start('local', { userInput: 'a lamp' });
    gate.resolve();
    await waitFor('the first attempt to fail', async () => {
      const { story: step } = await rows.steps(workflow.id);
      return step.status === 'waiting_to_retry';
    });
    await first.stop(0);
    await start({ maxCostUsd: 1, policy, isSoleProcess: false });
    await rows.ended(workflow.id);
    expect(agents.calls).toHaveLength(1);
    expect((await rows.steps(workflow.id)).story).toMatchObject({ attempt: 2, errorCode: 'BUDGET' });
  });

  test('counts what is known, also when another part of the cost is unknown', async ({ agents, start, rows }) => {
    agents.script.story = () => stream([used(1), { usage: { model: 'm', images: 1 } }, story]);
    const { service } = await start({ maxCostUsd: 1 });
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    expect(agents.calls).toHaveLength(1);
    expect((await rows.steps(workflow.id)).asset.errorCode).toBe('BUDGET');
  });

  test('lets everything run while less was spent, and what is not reported does not count', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.story = () => stream([{ usage: { inputTokens: 1_000_000 } }, used(0.99), story]);
    const { service } = await start({ maxCostUsd: 1 });
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
  });
});
