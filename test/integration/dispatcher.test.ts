import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Place, StepHandler, StepRef, Turn } from '../../src/orchestrator/ports.ts';
import { bullMqWorld, type DispatcherWorld, inProcessWorld } from '../support/dispatchers.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ own: true });
});
afterAll(() => redis.stop());

const worlds: [name: string, make: () => DispatcherWorld][] = [
  ['in process', inProcessWorld],
  ['over BullMQ', () => bullMqWorld(redis.url)],
];

let world: DispatcherWorld;
const unfinished: (() => void)[] = [];
afterEach(async () => {
  const closing = world.close();
  for (const end of unfinished.splice(0)) end();
  await closing;
});

const turn = (workflowId: string, agent: Turn['agent'] = 'story', leaseNumber = 0): Turn => ({
  ...{ workflowId, agent, leaseNumber },
});
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** A handler whose runs end when the test says so, and what it was told. */
function held() {
  const begun: string[] = [];
  const cancelled: string[] = [];
  const gates = new Map<string, () => void>();
  const places = new Map<string, Place>();
  const key = ({ workflowId, agent }: StepRef) => `${workflowId}:${agent}`;
  const handler: StepHandler = {
    async run(step, place) {
      begun.push(key(step));
      places.set(key(step), place);
      await new Promise<void>((resolve) => {
        gates.set(key(step), resolve);
        unfinished.push(resolve);
      });
      return null;
    },
    cancelled: (workflowId) => cancelled.push(workflowId),
  };
  const end = (which: string) => {
    gates.get(which)?.();
    gates.delete(which);
  };
  const endAll = () => {
    for (const which of [...gates.keys()]) end(which);
  };
  return { begun, cancelled, handler, places, end, endAll };
}

/** One that ends at once. */
function quick(run: (step: StepRef) => number | null | Promise<number | null> = () => null) {
  const begun: string[] = [];
  const handler: StepHandler = {
    async run(step) {
      begun.push(step.workflowId);
      return await run(step);
    },
    cancelled: () => {},
  };
  return { begun, handler };
}

const settled = async (what: string, list: unknown[], length: number) =>
  waitFor(what, () => (list.length >= length ? true : undefined));

describe.each(worlds)('a dispatcher %s', (_name, makeWorld) => {
  test('hands each step over once, in order, each agent so many at once, the agents beside one another', async () => {
    world = makeWorld();
    const dispatcher = world.create({ concurrency: 2 });
    const { begun, handler, end, endAll } = held();
    dispatcher.start(handler);
    const [a, b, c, d] = ids(4) as [string, string, string, string];
    for (const id of [a, b, c]) dispatcher.dispatch(turn(id), 0);
    dispatcher.dispatch(turn(d, 'asset'), 0);
    await settled('three steps', begun, 3);
    expect(begun.toSorted()).toEqual([`${a}:story`, `${b}:story`, `${d}:asset`].toSorted());
    end(`${a}:story`);
    await settled('the fourth step', begun, 4);
    expect(begun[3]).toBe(`${c}:story`);
    endAll();
  });

  test('keeps what is dispatched before it is started', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = quick();
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a), 0);
    dispatcher.start(handler);
    await settled('the step', begun, 1);
    expect(begun).toEqual([a]);
  });

  test('takes a turn that is dispatched again while it waits for one', async () => {
    world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { begun, handler, endAll } = held();
    dispatcher.start(handler);
    const [a, b, c] = ids(3) as [string, string, string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the first', begun, 1);
    for (const id of [b, b, c]) dispatcher.dispatch(turn(id), 0);
    for (let ended = 1; ended <= 2; ended++) {
      endAll();
      await settled('the next', begun, ended + 1);
    }
    endAll();
    expect(begun).toEqual([`${a}:story`, `${b}:story`, `${c}:story`]);
  });

  test('hands the next turn of a step over although the one before is still being handled', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler, endAll } = held();
    dispatcher.start(handler);
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a, 'story', 0), 0);
    await settled('the first turn', begun, 1);
    dispatcher.dispatch(turn(a, 'story', 1), 0);
    await settled('the second turn', begun, 2);
    endAll();
  });

  test('hands a step over after its delay, not before', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const times = new Map<string, number>();
    const { handler } = quick(({ workflowId }) => {
      times.set(workflowId, performance.now());
      return null;
    });
    dispatcher.start(handler);
    const [late, now] = ids(2) as [string, string];
    const since = performance.now();
    dispatcher.dispatch(turn(late), 300);
    dispatcher.dispatch(turn(now), 0);
    await waitFor('both', () => (times.has(late) && times.has(now) ? true : undefined));
    expect(times.get(now)).toBeLessThan(times.get(late) ?? 0);
    // A clock in whole milliseconds, read on two sides.
    expect((times.get(late) ?? 0) - since).toBeGreaterThanOrEqual(298);
  });

  test('hands a step over at once that is due, whatever waits for it: whoever added the wait may have a wrong clock', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler } = quick();
    dispatcher.start(handler);
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a), 3_600_000);
    dispatcher.dispatch(turn(a), 0);
    await settled('the step', begun, 1);
  });

  test('hands a step over again when the handler says that its wait is not over', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    let first = true;
    const { begun, handler } = quick(() => {
      const again = first ? 100 : null;
      first = false;
      return again;
    });
    dispatcher.start(handler);
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a), 0);
    await settled('two runs', begun, 2);
    expect(begun).toEqual([a, a]);
  });

  test('does not hand over what was cancelled while it waited, and tells the handler', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const { begun, cancelled, handler, endAll } = held();
    dispatcher.start(handler);
    const [first, gone, later] = ids(3) as [string, string, string];
    dispatcher.dispatch(turn(first), 0);
    await settled('the first', begun, 1);
    dispatcher.dispatch(turn(gone), 400);
    dispatcher.cancel(gone, [turn(gone)]);
    dispatcher.dispatch(turn(later), 450);
    await waitFor('the later one', () => begun.includes(`${later}:story`));
    endAll();
    expect(begun).not.toContain(`${gone}:story`);
    expect(new Set(cancelled)).toEqual(new Set([gone]));
  });

  test('tells of a handler that fails, and goes on', async () => {
    world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const [bad, good] = ids(2) as [string, string];
    const { begun, handler } = quick(({ workflowId }) => {
      if (workflowId === bad) throw new Error('no');
      return null;
    });
    dispatcher.start(handler);
    dispatcher.dispatch(turn(bad), 0);
    dispatcher.dispatch(turn(good), 0);
    await waitFor('both', () => begun.includes(good) && world.failures.length > 0);
    expect(world.failures).toEqual([{ error: new Error('no'), workflowId: bad, agent: 'story' }]);
  });

  test('keeps to the number of calls that all processes together may make', async () => {
    world = makeWorld();
    const dispatcher = world.create({ globalConcurrency: 2 });
    const { begun, handler, endAll } = held();
    dispatcher.start(handler);
    const all = ids(6);
    for (const id of all) dispatcher.dispatch(turn(id), 0);
    for (let seen = 2; seen <= 6; seen += 2) {
      await settled('two more', begun, seen);
      expect(begun.length).toBe(seen);
      endAll();
    }
  });

  test('keeps to the number of calls that may begin in a minute', async () => {
    world = makeWorld();
    const dispatcher = world.create({ ratePerMinute: 3 });
    const { begun, handler } = quick();
    dispatcher.start(handler);
    const limited = ids(5);
    for (const id of limited) dispatcher.dispatch(turn(id), 0);
    await settled('three steps', begun, 3);
    // Another agent's steps go all the way round meanwhile: had there been a place, the fourth would have begun.
    for (const id of ids(3)) {
      dispatcher.dispatch(turn(id, 'asset'), 0);
      await waitFor('the other agent', () => begun.includes(id));
    }
    expect(begun.filter((id) => limited.includes(id)).length).toBe(3);
  });

  test('closes when what was begun has ended, and begins nothing more', async () => {
    world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { begun, handler, endAll } = held();
    dispatcher.start(handler);
    const [a, b, c] = ids(3) as [string, string, string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the first', begun, 1);
    dispatcher.dispatch(turn(b), 0);
    let closed = false;
    const closing = dispatcher.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    endAll();
    await closing;
    dispatcher.dispatch(turn(c), 0);
    expect(begun).toEqual([`${a}:story`]);
  });

  test('lets a worker go on with the next agent while that has a free place', async () => {
    world = makeWorld();
    const dispatcher = world.create({ concurrency: 1 });
    const { begun, handler, places } = held();
    dispatcher.start(handler);
    const [a, b, c] = ids(3) as [string, string, string];
    for (const id of [a, b]) dispatcher.dispatch(turn(id), 0);
    await settled('the first', begun, 1);
    const story = places.get(`${a}:story`);
    const asset = story?.next('asset');
    expect(asset).toBeTruthy();
    // The only place of asset is taken; leaving story makes room for b, once.
    expect(story?.next('asset')).toBeNull();
    story?.leave();
    story?.leave();
    await settled('the second', begun, 2);
    dispatcher.dispatch(turn(c, 'asset'), 0);
    // Asset is no limit to another agent, whose step goes all the way round meanwhile.
    dispatcher.dispatch(turn(a, 'deploy'), 0);
    await settled('another agent', begun, 3);
    expect(begun).toEqual([`${a}:story`, `${b}:story`, `${a}:deploy`]);
    asset?.leave();
    await settled('the place in asset', begun, 4);
    expect(begun[3]).toBe(`${c}:asset`);
  });

  test('has no place for a worker to go on once it closes', async () => {
    world = makeWorld();
    const dispatcher = world.create();
    const { begun, handler, places, endAll } = held();
    dispatcher.start(handler);
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the step', begun, 1);
    const closing = dispatcher.close();
    expect(places.get(`${a}:story`)?.next('asset')).toBeNull();
    endAll();
    await closing;
  });
});

describe('a dispatcher over BullMQ', () => {
  test('lets nobody go on with an agent whose calls are limited over all processes: only Redis knows those', async () => {
    world = bullMqWorld(redis.url);
    const dispatcher = world.create({ globalConcurrency: 5 });
    const { begun, handler, places } = held();
    dispatcher.start(handler);
    const [a] = ids(1) as [string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the step', begun, 1);
    expect(places.get(`${a}:story`)?.next('asset')).toBeNull();
  });

  test('shares the work among processes, their limits too, and tells all of them of a cancellation', async () => {
    world = bullMqWorld(redis.url);
    const workers = [held(), held()];
    const dispatchers = workers.map(({ handler }) => {
      const dispatcher = world.create({ concurrency: 4, globalConcurrency: 4 });
      dispatcher.start(handler);
      return dispatcher;
    });
    const api = world.create({ globalConcurrency: 4 });
    const all = ids(12);
    for (const id of all) api.dispatch(turn(id), 0);
    const begun = () => workers.flatMap((worker) => worker.begun);
    for (let seen = 4; seen <= 12; seen += 4) {
      await waitFor('four more', () => begun().length >= seen);
      expect(begun().length).toBe(seen);
      for (const worker of workers) worker.endAll();
    }
    expect(begun().toSorted()).toEqual(all.map((id) => `${id}:story`).toSorted());
    const [gone] = ids(1) as [string];
    await waitFor('the news in both', () => {
      api.cancel(gone, [turn(gone)]);
      return workers.every(({ cancelled }) => cancelled.includes(gone));
    });
    expect(dispatchers).toHaveLength(2);
  });

  test('leaves to another process what it has no place for', async () => {
    world = bullMqWorld(redis.url);
    const [busy, free] = [held(), held()];
    const dispatcher = world.create({ concurrency: 1 });
    dispatcher.start(busy.handler);
    const [a, b] = ids(2) as [string, string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the first', busy.begun, 1);
    // It goes on with asset, and holds its only place there.
    expect(busy.places.get(`${a}:story`)?.next('asset')).toBeTruthy();
    dispatcher.dispatch(turn(b, 'asset'), 0);
    const jobs = new Queue('asset', { connection: { url: redis.url }, prefix: world.prefix });
    await waitFor('the busy one to fetch it', async () => (await jobs.getActiveCount()) === 1);
    await jobs.close();
    world.create({ concurrency: 1 }).start(free.handler);
    await settled('the step', free.begun, 1);
    expect([...busy.begun, ...free.begun]).toEqual([`${a}:story`, `${b}:asset`]);
  });

  test('works again when Redis comes back empty, within the same limits', async () => {
    world = bullMqWorld(redis.url);
    const dispatcher = world.create({ globalConcurrency: 1 });
    const { begun, handler, endAll } = held();
    dispatcher.start(handler);
    const [a, b, c] = ids(3) as [string, string, string];
    dispatcher.dispatch(turn(a), 0);
    await settled('the first', begun, 1);
    await redis.restart();
    endAll();
    // As the reconciler does.
    await waitFor('the next', () => {
      for (const id of [b, c]) if (!begun.includes(`${id}:story`)) dispatcher.dispatch(turn(id), 0);
      return begun.length >= 2;
    });
    expect(begun).toHaveLength(2);
    endAll();
    await waitFor('the last', () => {
      for (const id of [b, c]) if (!begun.includes(`${id}:story`)) dispatcher.dispatch(turn(id), 0);
      return begun.length >= 3;
    });
  });

  test('adds what was dispatched while Redis was away as soon as it is back', async () => {
    world = bullMqWorld(redis.url);
    const dispatcher = world.create();
    const { begun, handler } = quick();
    dispatcher.start(handler);
    const [before, away, later] = ids(3) as [string, string, string];
    dispatcher.dispatch(turn(before), 0);
    await settled('the first', begun, 1);
    await redis.stop();
    dispatcher.dispatch(turn(away), 0);
    dispatcher.dispatch(turn(later), 50);
    await redis.start();
    await settled('those that were missed', begun, 3);
    expect(begun.toSorted()).toEqual([before, away, later].toSorted());
  });
});
