import { describe, expect } from 'vitest';
import { after, hang, json, reset } from '../../support/agents/scripted-answers.ts';
import { test } from '../../support/engine/fixtures.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('cancelling a workflow', () => {
  test('cancelling during a call closes the connection, makes no further attempt, and keeps what was saved', async ({
    agents,
    start,
    rows,
  }) => {
    agents.script.asset = hang;
    const { service, failures } = await start();
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    const call = await agents.waitForCall('asset');
    const cancelled = await service.cancel('local', workflow.id);

    expect(cancelled.status).toBe('cancelled');
    expect(await call.closed).toBe(true);
    const steps = await rows.steps(workflow.id);
    expect(steps).toMatchObject({
      story: { status: 'succeeded', result: { cid: 'story-cid' } },
      asset: { status: 'cancelled', leaseWorkerId: null },
      code: { status: 'cancelled' },
      deploy: { status: 'cancelled' },
    });
    expect(await rows.room(room.id)).toMatchObject({ status: 'idle', error: null });
    expect((await rows.attempts(workflow.id, 'asset'))[0]?.finishedAt).not.toBeNull();
    expect((await rows.events(room.id)).at(-1)).toBe('workflow.finished');
    expect(await rows.rewards(workflow.id)).toEqual([]);
    expect(failures).toEqual([]);
  });

  test('cancelling during a wait prevents the next attempt', async ({ agents, start, rows }) => {
    agents.script.story = reset;
    const { service } = await start({
      policy: { maxAttempts: 3, initialDelayMs: 300, multiplier: 2, maxDelayMs: 1_000 },
    });
    const { workflow, room } = await service.start('local', { userInput: 'a lamp' });
    await waitFor('the wait', async () => (await rows.steps(workflow.id)).story.status === 'waiting_to_retry');
    await service.cancel('local', workflow.id);

    // A further workflow's attempts come after those that would have been made.
    const next = await service.start('local', { roomId: room.id, userInput: 'another' });
    await rows.ended(next.workflow.id);
    expect(agents.callsOf('story').filter(({ body }) => (body as { input: string }).input === 'a lamp')).toHaveLength(
      1,
    );
  });

  test('cancelling at the moment of completion has one of the two outcomes, never a mixture', async ({
    agents,
    start,
    rows,
  }) => {
    const { service, failures } = await start();
    const outcomes = new Set<string>();
    for (let round = 0; round < 15; round += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      agents.script.deploy = () => after(promise, json({ success: true, deploymentUrl: 'http://127.0.0.1/x/' }));
      const { workflow, room } = await service.start('local', { userInput: `round ${round}` });
      await agents.waitForCall('deploy', round + 1);
      resolve();
      const cancelled = await service.cancel('local', workflow.id).catch((error: { code: string }) => error.code);
      const { status } = await rows.ended(workflow.id);
      outcomes.add(status);
      expect(['cancelled', 'succeeded']).toContain(status);
      if (status === 'succeeded') expect(cancelled).toBe('WORKFLOW_FINISHED');
      expect(await rows.rewards(workflow.id)).toHaveLength(status === 'succeeded' ? 1 : 0);
      expect((await rows.room(room.id)).status).toBe(status === 'succeeded' ? 'done' : 'idle');
      expect((await rows.events(room.id)).filter((event) => event === 'workflow.finished')).toHaveLength(1);
    }
    expect(outcomes.size).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });

  test('cancelling twice returns the cancelled workflow; cancelling a finished one is refused', async ({
    agents,
    start,
    rows,
  }) => {
    const { service } = await start();
    agents.script.story = hang;
    const first = await service.start('local', { userInput: 'a lamp' });
    const once = await service.cancel('local', first.workflow.id);
    expect(await service.cancel('local', first.workflow.id)).toEqual(once);
    delete agents.script.story;
    const second = await service.start('local', { userInput: 'a lamp' });
    await rows.ended(second.workflow.id);
    await expect(service.cancel('local', second.workflow.id)).rejects.toMatchObject({ code: 'WORKFLOW_FINISHED' });
  });

  test("cancelling someone else's workflow fails as not found", async ({ agents, start }) => {
    agents.script.story = hang;
    const { service } = await start();
    const { workflow } = await service.start('local', { userInput: 'a lamp' });
    await expect(service.cancel('other', workflow.id)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    await expect(service.cancel('local', 'no-uuid')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
  });
});
