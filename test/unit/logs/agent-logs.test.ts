import { describe, expect, test } from 'vitest';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { Subscriptions } from '../../../src/orchestrator/ports/log.ts';
import { collect, createSmallWorld, type SmallWorld, settled, VIEWER } from './small-world.ts';

type Args = Parameters<Subscriptions['agentLogs']>[1];

async function seqs(world: SmallWorld, args: Args) {
  const seen = collect(await world.watch.agentLogs(VIEWER, args));
  await settled();
  return {
    get seqs() {
      return seen.items.map(({ seq }) => seq);
    },
    isDone: () => seen.isDone,
  };
}

/** A room with a finished workflow (lines 1 to 4) and one under way (lines 5 and 6). */
function twoWorkflows() {
  const world = createSmallWorld();
  const roomId = world.room();
  const first = world.start(roomId);
  world.log(first, { level: 'warn' });
  world.log(first, { agentType: 'asset' });
  world.finish(first);
  const second = world.start(roomId);
  world.log(second);
  return { world, roomId, first, second };
}

describe('agentLogs of a room', () => {
  test('a room’s log begins with the first line of its latest workflow and does not end with that workflow', async () => {
    const { world, roomId, second } = twoWorkflows();
    const seen = await seqs(world, { roomId });
    expect(seen.seqs).toEqual([5, 6]);
    world.finish(second);
    world.start(roomId);
    await settled();
    expect(seen.seqs).toEqual([5, 6, 7, 8]);
    expect(seen.isDone()).toBe(false);
  });

  test('a subscription to an empty room waits for its first line', async () => {
    const world = createSmallWorld();
    const roomId = world.room();
    const seen = await seqs(world, { roomId });
    expect(seen.seqs).toEqual([]);
    world.start(roomId);
    await settled();
    expect(seen.seqs).toEqual([1]);
  });

  test('`after` continues after the line with that id', async () => {
    const { world, roomId } = twoWorkflows();
    expect((await seqs(world, { roomId, after: logCursor(roomId, 2) })).seqs).toEqual([3, 4, 5, 6]);
    expect((await seqs(world, { roomId, after: logCursor(roomId, 6) })).seqs).toEqual([]);
  });

  test.each([
    ['is empty', () => ''],
    ['is no cursor', () => 'x'],
    ['is of another room', () => logCursor('01890000-0000-7000-8000-ffffffffffff', 1)],
    ['is beyond the log', (roomId: string) => logCursor(roomId, 7)],
  ])('an `after` that %s is rejected', async (_why, after) => {
    const { world, roomId } = twoWorkflows();
    await expect(world.watch.agentLogs(VIEWER, { roomId, after: after(roomId) })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'after' },
    });
  });

  test('filters select agents and levels, and an empty list selects all', async () => {
    const { world, roomId } = twoWorkflows();
    const after = logCursor(roomId, 0);
    expect((await seqs(world, { roomId, after, agentTypes: ['asset'] })).seqs).toEqual([3]);
    expect((await seqs(world, { roomId, after, levels: ['warn'] })).seqs).toEqual([2]);
    expect((await seqs(world, { roomId, after, agentTypes: ['story'], levels: ['info'] })).seqs).toEqual([6]);
    expect((await seqs(world, { roomId, after, agentTypes: [], levels: [] })).seqs).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('agentLogs of a workflow', () => {
  test('a finished workflow’s log has its lines and then ends', async () => {
    const { world, roomId, first } = twoWorkflows();
    const seen = await seqs(world, { roomId, workflowId: first });
    expect(seen.seqs).toEqual([1, 2, 3, 4]);
    expect(seen.isDone()).toBe(true);
    expect(world.hub.stats().feeds).toBe(0);
  });

  test('a running workflow’s log ends after its last line', async () => {
    const { world, roomId, second } = twoWorkflows();
    const seen = await seqs(world, { roomId, workflowId: second });
    expect(seen.isDone()).toBe(false);
    world.finish(second, 'failed');
    world.start(roomId);
    await settled();
    expect(seen.seqs).toEqual([5, 6, 7]);
    expect(seen.isDone()).toBe(true);
  });

  test('a workflow’s log ends even if its last line is filtered out', async () => {
    const { world, roomId, first, second } = twoWorkflows();
    const past = await seqs(world, { roomId, workflowId: first, agentTypes: ['asset'] });
    expect([past.seqs, past.isDone()]).toEqual([[3], true]);
    const live = await seqs(world, { roomId, workflowId: second, agentTypes: ['story'] });
    expect([live.seqs, live.isDone()]).toEqual([[6], false]);
    world.finish(second);
    await settled();
    expect([live.seqs, live.isDone()]).toEqual([[6], true]);
  });

  test('an `after` before the workflow begins at its start, and one at its end or later ends at once', async () => {
    const { world, roomId, first, second } = twoWorkflows();
    expect((await seqs(world, { roomId, workflowId: second, after: logCursor(roomId, 1) })).seqs).toEqual([5, 6]);
    expect((await seqs(world, { roomId, workflowId: first, after: logCursor(roomId, 2) })).seqs).toEqual([3, 4]);
    for (const seq of [4, 6]) {
      const seen = await seqs(world, { roomId, workflowId: first, after: logCursor(roomId, seq) });
      expect([seen.seqs, seen.isDone()]).toEqual([[], true]);
    }
  });

  test('an agent’s line that looks like the last one does not end the log', async () => {
    const { world, roomId, second } = twoWorkflows();
    const seen = await seqs(world, { roomId, workflowId: second });
    world.log(second, { agentType: 'story', metadata: { event: 'workflow.finished' } });
    await settled();
    expect(seen.isDone()).toBe(false);
  });

  test('the log of a workflow whose last lines were removed ends at the next workflow', async () => {
    const { world, roomId, second } = twoWorkflows();
    const lines = await world.watch.agentLogs(VIEWER, { roomId, workflowId: second });
    world.finish(second);
    world.forget(roomId, 7);
    world.start(roomId);
    const seen = collect(lines);
    await settled();
    expect(seen.items.map(({ seq, level }) => [seq, level])).toEqual([[7, 'warn']]);
    expect(seen.isDone).toBe(true);
  });
});

describe('ids that cannot be watched', () => {
  const nowhere = '01890000-0000-7000-8000-ffffffffffff';

  test.each(['no id', '', nowhere])('the room %j is not found', async (roomId) => {
    const { world } = twoWorkflows();
    await expect(world.watch.agentLogs(VIEWER, { roomId })).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
    await expect(world.watch.deploymentCompleted(VIEWER, { roomId })).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  test.each(['no id', '', nowhere])('the workflow %j is not found', async (workflowId) => {
    const { world, roomId } = twoWorkflows();
    const notFound = { code: 'WORKFLOW_NOT_FOUND' };
    await expect(world.watch.agentLogs(VIEWER, { roomId, workflowId })).rejects.toMatchObject(notFound);
    await expect(world.watch.deploymentCompleted(VIEWER, { roomId, workflowId })).rejects.toMatchObject(notFound);
    await expect(world.watch.workflowUpdated(VIEWER, workflowId)).rejects.toMatchObject(notFound);
  });

  test('another viewer finds neither the room nor the workflow', async () => {
    const { world, roomId, first } = twoWorkflows();
    await expect(world.watch.agentLogs('eve', { roomId, after: 'x' })).rejects.toMatchObject({
      code: 'ROOM_NOT_FOUND',
    });
    await expect(world.watch.workflowUpdated('eve', first)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
  });

  test('a workflow is not found in a room it does not belong to', async () => {
    const { world, first } = twoWorkflows();
    const roomId = world.room();
    const notFound = { code: 'WORKFLOW_NOT_FOUND' };
    await expect(world.watch.agentLogs(VIEWER, { roomId, workflowId: first })).rejects.toMatchObject(notFound);
    await expect(world.watch.deploymentCompleted(VIEWER, { roomId, workflowId: first })).rejects.toMatchObject(
      notFound,
    );
  });
});

describe('removed lines', () => {
  const watch = async (world: SmallWorld, args: Args) => {
    const seen = collect(await world.watch.agentLogs(VIEWER, args));
    await settled();
    return { lines: seen.items.map(({ seq, workflowId, level }) => [seq, workflowId, level]), isDone: seen.isDone };
  };

  test('removed lines are reported for the workflow of the next line', async () => {
    const { world, roomId, first, second } = twoWorkflows();
    world.forget(roomId, 1);
    expect((await watch(world, { roomId, after: logCursor(roomId, 0) })).lines.slice(0, 2)).toEqual([
      [1, first, 'warn'],
      [2, first, 'warn'],
    ]);
    world.forget(roomId, 5);
    expect((await watch(world, { roomId })).lines).toEqual([
      [5, second, 'warn'],
      [6, second, 'info'],
    ]);
  });

  test('removed lines are reported for the latest workflow if no line is left', async () => {
    const { world, roomId, second } = twoWorkflows();
    world.forget(roomId, 6);
    expect((await watch(world, { roomId, after: logCursor(roomId, 3) })).lines).toEqual([[6, second, 'warn']]);
  });

  test('a workflow’s log reports removed lines up to the workflow’s own end', async () => {
    const { world, roomId, first } = twoWorkflows();
    world.forget(roomId, 6);
    expect(await watch(world, { roomId, workflowId: first })).toEqual({ lines: [[4, first, 'warn']], isDone: true });
  });

  test('removed lines are not reported to a subscription that filters for other levels or agents', async () => {
    const { world, roomId } = twoWorkflows();
    world.forget(roomId, 5);
    expect((await watch(world, { roomId, agentTypes: ['story'] })).lines.map(([seq]) => seq)).toEqual([6]);
  });
});
