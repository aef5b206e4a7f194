import { describe, expect, test } from 'vitest';
import { collect, createSmallWorld, settled, VIEWER } from './small-world.ts';

function runningWorkflow() {
  const world = createSmallWorld();
  const roomId = world.room();
  return { world, roomId, workflowId: world.start(roomId) };
}

describe('workflowUpdated', () => {
  test('workflowUpdated yields the workflow as it is, then after each change, and ends with the workflow', async () => {
    const { world, workflowId } = runningWorkflow();
    const seen = collect(await world.watch.workflowUpdated(VIEWER, workflowId));
    await settled();
    world.change(workflowId);
    await settled();
    world.finish(workflowId);
    await settled();
    expect(seen.items.map(({ version, status }) => [version, status])).toEqual([
      [1, 'running'],
      [2, 'running'],
      [3, 'succeeded'],
    ]);
    expect(seen.isDone).toBe(true);
    expect(world.hub.stats().feeds).toBe(0);
  });

  test('workflowUpdated yields a finished workflow once and ends', async () => {
    const { world, workflowId } = runningWorkflow();
    world.finish(workflowId, 'cancelled');
    const seen = collect(await world.watch.workflowUpdated(VIEWER, workflowId));
    await settled();
    expect(seen.items.map(({ status }) => status)).toEqual(['cancelled']);
    expect(seen.isDone).toBe(true);
  });

  test('workflowUpdated merges changes that come between two calls of next()', async () => {
    const { world, workflowId } = runningWorkflow();
    const updates = await world.watch.workflowUpdated(VIEWER, workflowId);
    await updates.next();
    for (let change = 0; change < 5; change++) world.change(workflowId);
    expect((await updates.next()).value.version).toBe(6);
    const waiting = updates.next();
    world.finish(workflowId);
    expect((await waiting).value.version).toBe(7);
    expect(await updates.next()).toEqual({ done: true, value: undefined });
  });

  test('workflowUpdated yields nothing for lines without a change, and reads nothing for agents’ lines', async () => {
    const { world, workflowId } = runningWorkflow();
    const seen = collect(await world.watch.workflowUpdated(VIEWER, workflowId));
    await settled();
    let reads = 0;
    world.gate(async () => void reads++);
    world.log(workflowId);
    world.log(workflowId, { agentType: 'orchestrator' });
    await settled();
    expect([reads, seen.items.length]).toEqual([1, 1]);
  });

  test('workflowUpdated yields a change whose message was lost at the next poll', async () => {
    const { world, workflowId } = runningWorkflow();
    const seen = collect(await world.watch.workflowUpdated(VIEWER, workflowId));
    await settled();
    await world.pubsub.close();
    world.finish(workflowId);
    await world.poll();
    expect(seen.items.map(({ version }) => version)).toEqual([1, 2]);
    expect(seen.isDone).toBe(true);
  });

  test('return() ends workflowUpdated while it waits for Postgres', async () => {
    const { world, workflowId } = runningWorkflow();
    const updates = await world.watch.workflowUpdated(VIEWER, workflowId);
    world.gate(() => new Promise(() => undefined));
    const waiting = updates.next();
    await updates.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(world.hub.stats().feeds).toBe(0);
  });
});

describe('deploymentCompleted of a workflow', () => {
  test('a workflow’s deployment is yielded when it completes, followed by the end', async () => {
    const { world, roomId, workflowId } = runningWorkflow();
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, workflowId }));
    await settled();
    expect(seen.isDone).toBe(false);
    const deployment = world.deploy(workflowId);
    await settled();
    expect(seen).toEqual({ items: [deployment], isDone: true });
  });

  test('a workflow’s earlier deployment is yielded whatever `since` is', async () => {
    const { world, roomId, workflowId } = runningWorkflow();
    const deployment = world.deploy(workflowId);
    world.finish(workflowId);
    const since = new Date('2100-01-01');
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, workflowId, since }));
    await settled();
    expect(seen).toEqual({ items: [deployment], isDone: true });
  });

  test('a workflow that ends without a deployment ends the subscription', async () => {
    const { world, roomId, workflowId } = runningWorkflow();
    const before = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, workflowId }));
    world.finish(workflowId, 'failed');
    const after = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, workflowId }));
    await settled();
    for (const seen of [before, after]) expect(seen).toEqual({ items: [], isDone: true });
  });
});

describe('deploymentCompleted of a room', () => {
  /** Two deployed workflows and a third that runs. */
  function deployedTwice() {
    const { world, roomId, workflowId } = runningWorkflow();
    const first = world.deploy(workflowId);
    world.finish(workflowId);
    const nextId = world.start(roomId);
    const second = world.deploy(nextId);
    world.finish(nextId);
    return { world, roomId, first, second, workflowId: world.start(roomId) };
  }

  test('deployments of a room that complete from now on are yielded once each', async () => {
    const { world, roomId, workflowId } = deployedTwice();
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId }));
    await settled();
    expect(seen.items).toEqual([]);
    const third = world.deploy(workflowId);
    world.finish(workflowId);
    await settled();
    const nextId = world.start(roomId);
    const fourth = world.deploy(nextId);
    await settled();
    world.finish(nextId);
    await settled();
    expect(seen).toEqual({ items: [third, fourth], isDone: false });
  });

  test('a deployment that the running workflow has already completed is not yielded', async () => {
    const { world, roomId, workflowId } = deployedTwice();
    world.deploy(workflowId);
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId }));
    world.change(workflowId);
    await settled();
    expect(seen.items).toEqual([]);
  });

  test('a deployment that completes between the call and the first next() is not lost', async () => {
    const { world, roomId, workflowId } = deployedTwice();
    const deployments = await world.watch.deploymentCompleted(VIEWER, { roomId });
    const third = world.deploy(workflowId);
    world.finish(workflowId);
    expect((await deployments.next()).value).toEqual(third);
  });

  test('`since` adds deployments completed after that instant, but not at it', async () => {
    const { world, roomId, first, second, workflowId } = deployedTwice();
    const all = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, since: new Date(0) }));
    const later = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, since: first.completedAt }));
    const none = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, since: second.completedAt }));
    await settled();
    const third = world.deploy(workflowId);
    await settled();
    expect([all.items, later.items, none.items]).toEqual([[first, second, third], [second, third], [third]]);
  });

  test('a `since` in the future does not exclude deployments that complete before it', async () => {
    const { world, roomId, workflowId } = deployedTwice();
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId, since: new Date('2100-01-01') }));
    const third = world.deploy(workflowId);
    await settled();
    expect(seen.items).toEqual([third]);
  });

  test('the first deployment of a room is yielded', async () => {
    const world = createSmallWorld();
    const roomId = world.room();
    const seen = collect(await world.watch.deploymentCompleted(VIEWER, { roomId }));
    await settled();
    const deployment = world.deploy(world.start(roomId));
    await settled();
    expect(seen.items).toEqual([deployment]);
  });
});
