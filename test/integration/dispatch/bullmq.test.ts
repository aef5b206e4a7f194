import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bullMqDispatchers } from '../../support/engine/dispatchers.ts';
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
  redis = await startRedis({ own: true });
});
afterAll(() => redis.stop());

describe('a dispatcher over BullMQ', () => {
  test('no worker continues with an agent whose calls are limited across processes, since only Redis counts those', async () => {
    const world = bullMqDispatchers(redis.url);
    const dispatcher = world.create({ globalConcurrency: 5 });
    const { first: a, slots } = await startBusy(dispatcher);
    expect(slots.get(`${a}:story`)?.next('asset')).toBeNull();
  });

  test('processes share the work and its limits, and all of them learn of a cancellation', async () => {
    const world = bullMqDispatchers(redis.url);
    const workers = [blockingHandler(), blockingHandler()];
    const dispatchers = workers.map(({ handler }) => {
      const dispatcher = world.create({ concurrency: 4, globalConcurrency: 4 });
      dispatcher.start(handler);
      return dispatcher;
    });
    const api = world.create({ globalConcurrency: 4 });
    const all = ids(12);
    for (const id of all) api.dispatch(readyStep(id), 0);
    const begun = () => workers.flatMap((worker) => worker.begun);
    for (let seen = 4; seen <= 12; seen += 4) {
      await waitFor('four more', () => begun().length >= seen);
      expect(begun().length).toBe(seen);
      for (const worker of workers) worker.endAll();
    }
    expect(begun().toSorted()).toEqual(all.map((id) => `${id}:story`).toSorted());
    const [cancelled] = ids(1);
    await waitFor('both to learn of it', () => {
      api.cancel(cancelled, [readyStep(cancelled)]);
      return workers.every((worker) => worker.cancelled.includes(cancelled));
    });
    expect(dispatchers).toHaveLength(2);
  });

  test('a job for which a process has no free slot is taken by another process', async () => {
    const world = bullMqDispatchers(redis.url);
    const dispatcher = world.create({ concurrency: 1 });
    const full = await startBusy(dispatcher);
    const free = blockingHandler();
    const [b] = ids(1);
    // It continues with asset, and has the only slot there.
    expect(full.slots.get(`${full.first}:story`)?.next('asset')).toBeTruthy();
    dispatcher.dispatch(readyStep(b, 'asset'), 0);
    const jobs = new Queue('asset', { connection: { url: redis.url }, prefix: world.prefix });
    await waitFor('the busy one to fetch it', async () => (await jobs.getActiveCount()) === 1);
    await jobs.close();
    world.create({ concurrency: 1 }).start(free.handler);
    await waitForLength('the step', free.begun, 1);
    expect([...full.begun, ...free.begun]).toEqual([`${full.first}:story`, `${b}:asset`]);
  });

  test('steps are handed over within the same limits after Redis was emptied', async () => {
    const world = bullMqDispatchers(redis.url);
    const dispatcher = world.create({ globalConcurrency: 1 });
    const { begun, endAll } = await startBusy(dispatcher);
    const [b, c] = ids(2);
    await redis.restart();
    endAll();
    // As the reconciler does.
    await waitFor('the next', () => {
      for (const id of [b, c]) if (!begun.includes(`${id}:story`)) dispatcher.dispatch(readyStep(id), 0);
      return begun.length >= 2;
    });
    expect(begun).toHaveLength(2);
    endAll();
    await waitFor('the last', () => {
      for (const id of [b, c]) if (!begun.includes(`${id}:story`)) dispatcher.dispatch(readyStep(id), 0);
      return begun.length >= 3;
    });
  });

  test('steps that are dispatched during an outage of Redis are added as soon as it is back', async () => {
    const world = bullMqDispatchers(redis.url);
    const dispatcher = world.create();
    const { begun, handler } = immediateHandler();
    dispatcher.start(handler);
    const [before, missed, delayed] = ids(3);
    dispatcher.dispatch(readyStep(before), 0);
    await waitForLength('the first', begun, 1);
    await redis.stop();
    dispatcher.dispatch(readyStep(missed), 0);
    dispatcher.dispatch(readyStep(delayed), 50);
    await redis.start();
    await waitForLength('those that were missed', begun, 3);
    expect(begun.toSorted()).toEqual([before, missed, delayed].toSorted());
  });
});
