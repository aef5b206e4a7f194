import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bullMqDispatchers, inProcessDispatchers } from '../../support/engine/dispatchers.ts';
import {
  blockingHandler,
  ids,
  immediateHandler,
  readyStep,
  startBusy,
  waitForLength,
} from '../../support/engine/step-handlers.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** What both dispatchers have in common. */
describe.each([
  ['in process', inProcessDispatchers],
  ['over BullMQ', () => bullMqDispatchers(redis.url)],
])('a dispatcher %s', (_name, makeWorld) => {
  test('each step is handed over once, in order, within the concurrency of its agent and independently of other agents', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ concurrency: 2 });
    const { begun, handler, end, endAll } = blockingHandler();
    dispatcher.start(handler);
    const [a, b, c, d] = ids(4);
    for (const id of [a, b, c]) dispatcher.dispatch(readyStep(id), 0);
    dispatcher.dispatch(readyStep(d, 'asset'), 0);
    await waitForLength('three steps', begun, 3);
    expect(begun.toSorted()).toEqual([`${a}:story`, `${b}:story`, `${d}:asset`].toSorted());
    end(`${a}:story`);
    await waitForLength('the fourth step', begun, 4);
    expect(begun[3]).toBe(`${c}:story`);
    endAll();
  });

  test('a step that is dispatched before the start is handed over after it', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = immediateHandler();
    const [a] = ids(1);
    dispatcher.dispatch(readyStep(a), 0);
    dispatcher.start(handler);
    await waitForLength('the step', begun, 1);
    expect(begun).toEqual([a]);
  });

  test('a step that is dispatched twice while it waits is handed over once', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { first: a, begun, endAll } = await startBusy(dispatcher);
    const [b, c] = ids(2);
    for (const id of [b, b, c]) dispatcher.dispatch(readyStep(id), 0);
    for (let ended = 1; ended <= 2; ended++) {
      endAll();
      await waitForLength('the next', begun, ended + 1);
    }
    endAll();
    expect(begun).toEqual([`${a}:story`, `${b}:story`, `${c}:story`]);
  });

  test('a step with a new lease number is handed over although its previous run is still running', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { first: a, begun, endAll } = await startBusy(dispatcher);
    dispatcher.dispatch(readyStep(a, 'story', 1), 0);
    await waitForLength('the second run', begun, 2);
    endAll();
  });

  test('a step is handed over after its delay, and not before', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const times = new Map<string, number>();
    const { handler } = immediateHandler(({ workflowId }) => {
      times.set(workflowId, performance.now());
      return null;
    });
    dispatcher.start(handler);
    const [late, now] = ids(2);
    const since = performance.now();
    dispatcher.dispatch(readyStep(late), 300);
    dispatcher.dispatch(readyStep(now), 0);
    await waitFor('both', () => (times.has(late) && times.has(now) ? true : undefined));
    expect(times.get(now)).toBeLessThan(times.get(late) ?? 0);
    // A clock in whole milliseconds, read on two sides.
    expect((times.get(late) ?? 0) - since).toBeGreaterThanOrEqual(298);
  });

  test('a step that is due is handed over at once even if an earlier dispatch of it is still delayed', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = immediateHandler();
    dispatcher.start(handler);
    const [a] = ids(1);
    dispatcher.dispatch(readyStep(a), 3_600_000);
    dispatcher.dispatch(readyStep(a), 0);
    await waitForLength('the step', begun, 1);
  });

  test('a step whose wait is not over is handed over again after the remaining wait', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    let first = true;
    const { begun, handler } = immediateHandler(() => {
      const again = first ? 100 : null;
      first = false;
      return again;
    });
    dispatcher.start(handler);
    const [a] = ids(1);
    dispatcher.dispatch(readyStep(a), 0);
    await waitForLength('two runs', begun, 2);
    expect(begun).toEqual([a, a]);
  });

  test('a step that is cancelled during its delay is not handed over, and the handler learns of the cancellation', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { begun, cancelled, endAll } = await startBusy(dispatcher);
    const [gone, later] = ids(2);
    dispatcher.dispatch(readyStep(gone), 400);
    dispatcher.cancel(gone, [readyStep(gone)]);
    dispatcher.dispatch(readyStep(later), 450);
    await waitFor('the later one', () => begun.includes(`${later}:story`));
    endAll();
    expect(begun).not.toContain(`${gone}:story`);
    expect(new Set(cancelled)).toEqual(new Set([gone]));
  });

  test('a handler that fails is reported, and further steps are handed over', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const [bad, good] = ids(2);
    const { begun, handler } = immediateHandler(({ workflowId }) => {
      if (workflowId === bad) throw new Error('no');
      return null;
    });
    dispatcher.start(handler);
    dispatcher.dispatch(readyStep(bad), 0);
    dispatcher.dispatch(readyStep(good), 0);
    await waitFor('both', () => begun.includes(good) && world.failures.length > 0);
    expect(world.failures).toEqual([{ error: new Error('no'), workflowId: bad, agent: 'story' }]);
  });

  test('the concurrency limit across processes is not exceeded', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ globalConcurrency: 2 });
    const { begun, handler, endAll } = blockingHandler();
    dispatcher.start(handler);
    const all = ids(6);
    for (const id of all) dispatcher.dispatch(readyStep(id), 0);
    for (let seen = 2; seen <= 6; seen += 2) {
      await waitForLength('two more', begun, seen);
      expect(begun.length).toBe(seen);
      endAll();
    }
  });

  test('the rate per minute is not exceeded', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ ratePerMinute: 3 });
    const { begun, handler } = immediateHandler();
    dispatcher.start(handler);
    const limited = ids(5);
    for (const id of limited) dispatcher.dispatch(readyStep(id), 0);
    await waitForLength('three steps', begun, 3);
    // Another agent's steps are handed over meanwhile: had there been a slot, the fourth would have begun.
    for (const id of ids(3)) {
      dispatcher.dispatch(readyStep(id, 'asset'), 0);
      await waitFor('the other agent', () => begun.includes(id));
    }
    expect(begun.filter((id) => limited.includes(id)).length).toBe(3);
  });

  test('a dispatcher that closes waits for the steps it has handed over, and hands over no more', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { first: a, begun, endAll } = await startBusy(dispatcher);
    const [b, c] = ids(2);
    dispatcher.dispatch(readyStep(b), 0);
    let closed = false;
    const closing = dispatcher.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    endAll();
    await closing;
    dispatcher.dispatch(readyStep(c), 0);
    expect(begun).toEqual([`${a}:story`]);
  });

  test('a worker continues with the next agent while that agent has a free slot', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { begun, handler, slots } = blockingHandler();
    dispatcher.start(handler);
    const [a, b, c] = ids(3);
    for (const id of [a, b]) dispatcher.dispatch(readyStep(id), 0);
    await waitForLength('the first', begun, 1);
    const story = slots.get(`${a}:story`);
    const asset = story?.next('asset');
    expect(asset).toBeTruthy();
    // The only slot of asset is taken; releasing the one of story, even twice, frees a slot for b only.
    expect(story?.next('asset')).toBeNull();
    story?.release();
    story?.release();
    await waitForLength('the second', begun, 2);
    dispatcher.dispatch(readyStep(c, 'asset'), 0);
    // Another agent is not limited by asset: its step is handed over meanwhile.
    dispatcher.dispatch(readyStep(a, 'deploy'), 0);
    await waitForLength('another agent', begun, 3);
    expect(begun).toEqual([`${a}:story`, `${b}:story`, `${a}:deploy`]);
    asset?.release();
    await waitForLength('the slot of asset', begun, 4);
    expect(begun[3]).toBe(`${c}:asset`);
  });

  test('a worker gets no slot of the next agent once the dispatcher closes', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { first: a, slots, endAll } = await startBusy(dispatcher);
    const closing = dispatcher.close();
    expect(slots.get(`${a}:story`)?.next('asset')).toBeNull();
    endAll();
    await closing;
  });
});
