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

/** What both dispatchers do alike. */
describe.each([
  ['in process', inProcessDispatchers],
  ['over BullMQ', () => bullMqDispatchers(redis.url)],
])('a dispatcher %s', (_name, makeWorld) => {
  test('hands each step over once, in order, each agent so many at once, the agents beside one another', async () => {
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

  test('keeps what is dispatched before it is started', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = immediateHandler();
    const [a] = ids(1);
    dispatcher.dispatch(readyStep(a), 0);
    dispatcher.start(handler);
    await waitForLength('the step', begun, 1);
    expect(begun).toEqual([a]);
  });

  test('takes a turn that is dispatched again while it waits for one', async () => {
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

  test('hands the next turn of a step over although the one before is still being handled', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { first: a, begun, endAll } = await startBusy(dispatcher);
    dispatcher.dispatch(readyStep(a, 'story', 1), 0);
    await waitForLength('the second turn', begun, 2);
    endAll();
  });

  test('hands a step over after its delay, not before', async () => {
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

  test('hands a step over at once that is due, whatever waits for it: whoever added the wait may have a wrong clock', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = immediateHandler();
    dispatcher.start(handler);
    const [a] = ids(1);
    dispatcher.dispatch(readyStep(a), 3_600_000);
    dispatcher.dispatch(readyStep(a), 0);
    await waitForLength('the step', begun, 1);
  });

  test('hands a step over again when the handler says that its wait is not over', async () => {
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

  test('does not hand over what was cancelled while it waited, and tells the handler', async () => {
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

  test('tells of a handler that fails, and goes on', async () => {
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

  test('keeps to the number of calls that all processes together may make', async () => {
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

  test('keeps to the number of calls that may begin in a minute', async () => {
    const world = makeWorld();
    const dispatcher = world.create({ ratePerMinute: 3 });
    const { begun, handler } = immediateHandler();
    dispatcher.start(handler);
    const limited = ids(5);
    for (const id of limited) dispatcher.dispatch(readyStep(id), 0);
    await waitForLength('three steps', begun, 3);
    // Another agent's steps go all the way round meanwhile: had there been a place, the fourth would have begun.
    for (const id of ids(3)) {
      dispatcher.dispatch(readyStep(id, 'asset'), 0);
      await waitFor('the other agent', () => begun.includes(id));
    }
    expect(begun.filter((id) => limited.includes(id)).length).toBe(3);
  });

  test('closes when what was begun has ended, and begins nothing more', async () => {
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

  test('lets a worker go on with the next agent while that has a free place', async () => {
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
    // The only place of asset is taken; leaving story makes room for b, once.
    expect(story?.next('asset')).toBeNull();
    story?.release();
    story?.release();
    await waitForLength('the second', begun, 2);
    dispatcher.dispatch(readyStep(c, 'asset'), 0);
    // Asset is no limit to another agent, whose step goes all the way round meanwhile.
    dispatcher.dispatch(readyStep(a, 'deploy'), 0);
    await waitForLength('another agent', begun, 3);
    expect(begun).toEqual([`${a}:story`, `${b}:story`, `${a}:deploy`]);
    asset?.release();
    await waitForLength('the place in asset', begun, 4);
    expect(begun[3]).toBe(`${c}:asset`);
  });

  test('has no place for a worker to go on once it closes', async () => {
    const world = makeWorld();
    const dispatcher = world.create();
    const { first: a, slots, endAll } = await startBusy(dispatcher);
    const closing = dispatcher.close();
    expect(slots.get(`${a}:story`)?.next('asset')).toBeNull();
    endAll();
    await closing;
  });
});
