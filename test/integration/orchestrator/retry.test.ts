import { describe, expect } from 'vitest';
import { hang, reset } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';

describe('retrying a workflow', () => {
  test('retrying a failed workflow keeps the results before the failure, calls the remaining agents, and is rewarded', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.code = reset;
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(first.workflow.id);
    delete agents.script.code;
    agents.calls.length = 0;

    const { workflow, room } = await service.retry('local', first.workflow.id, {});
    expect(workflow).toMatchObject({ retryOfId: first.workflow.id, userInput: 'a lamp', roomId: first.room.id });
    expect(room.status).toBe('running');
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['code', 'deploy']);
    expect(agents.callsOf('code')[0]?.body).toMatchObject({ imageCid: 'image-cid' });
    expect(await rows.rewards(workflow.id)).toHaveLength(1);
    expect(await rows.rewards(first.workflow.id)).toEqual([]);
    expect((await rows.room(room.id)).status).toBe('done');
  });

  test('retrying a cancelled workflow continues where it stopped', async ({ agents, start, rows }) => {
    agents.script.asset = hang;
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await agents.waitForCall('asset');
    await service.cancel('local', first.workflow.id);
    delete agents.script.asset;
    const { workflow } = await service.retry('local', first.workflow.id, {});
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    expect(agents.callsOf('story')).toHaveLength(1);
  });

  test('a retry may start at an earlier agent, but not after the one that failed', async ({ agents, start, rows }) => {
    agents.script.code = reset;
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(first.workflow.id);
    await expect(service.retry('local', first.workflow.id, { from: 'deploy' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'from' },
    });
    delete agents.script.code;
    agents.calls.length = 0;
    const { workflow } = await service.retry('local', first.workflow.id, { from: 'asset' });
    await rows.ended(workflow.id);
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['asset', 'code', 'deploy']);
  });

  test('retrying a workflow that succeeded is refused unless an agent is named', async ({ agents, start, rows }) => {
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(first.workflow.id);
    await expect(service.retry('local', first.workflow.id, {})).rejects.toMatchObject({ code: 'NOTHING_TO_RETRY' });
    agents.calls.length = 0;
    const { workflow } = await service.retry('local', first.workflow.id, { from: 'deploy' });
    await rows.ended(workflow.id);
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['deploy']);
  });

  test('retrying a workflow that is still running is refused', async ({ agents, start }) => {
    agents.script.story = hang;
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await expect(service.retry('local', workflow.id, {})).rejects.toMatchObject({
      code: 'WORKFLOW_ALREADY_RUNNING',
      details: { workflowId: workflow.id },
    });
  });

  test('of twenty simultaneous retries one is made', async ({ agents, start, rows }) => {
    agents.script.story = reset;
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(first.workflow.id);
    agents.script.story = hang;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => service.retry('local', first.workflow.id, {})),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'WORKFLOW_ALREADY_RUNNING' });
    }
  });

  test('a retry with the same idempotency key returns the first retry', async ({ agents, start, rows }) => {
    agents.script.story = reset;
    const { service } = await start();
    const first = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(first.workflow.id);
    delete agents.script.story;
    const key = { idempotencyKey: 'again' };
    const retried = await service.retry('local', first.workflow.id, key);
    await rows.ended(retried.workflow.id);
    const replayed = await service.retry('local', first.workflow.id, key);
    expect(replayed).toMatchObject({ replayed: true, workflow: { id: retried.workflow.id } });
  });

  test("retrying someone else's workflow fails as not found", async ({ start, rows }) => {
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(workflow.id);
    for (const id of [workflow.id, '0192aaaa-0000-7000-8000-000000000001', 'x']) {
      await expect(service.retry('other', id, {})).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    }
  });
});
