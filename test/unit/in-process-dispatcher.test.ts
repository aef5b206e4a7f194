import { describe, expect, test } from 'vitest';
import { createInProcessDispatcher } from '../../src/dispatch/in-process.ts';
import type { Place, StepRef } from '../../src/orchestrator/ports.ts';

const step = (workflowId: string, agent: StepRef['agent'] = 'story'): StepRef => ({ workflowId, agent });

function create(concurrency = 2) {
  const failures: unknown[] = [];
  const dispatcher = createInProcessDispatcher({
    concurrency: { story: concurrency, asset: concurrency, code: concurrency, deploy: concurrency },
    failed: (error, failed) => failures.push([error, failed]),
  });
  return { dispatcher, failures };
}

/** A handler whose calls end when the test says so. */
function held() {
  const begun: string[] = [];
  const gates: (() => void)[] = [];
  const handler = ({ workflowId, agent }: StepRef) => {
    begun.push(`${workflowId}:${agent}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.push(resolve);
    return promise;
  };
  return { begun, handler, endNext: () => gates.shift()?.() };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the in-process dispatcher', () => {
  test('hands steps over in order, each agent so many at once, the agents beside one another', async () => {
    const { dispatcher } = create(2);
    const { begun, handler, endNext } = held();
    dispatcher.start(handler);
    for (const id of ['a', 'b', 'c']) dispatcher.dispatch(step(id), 0);
    dispatcher.dispatch(step('d', 'asset'), 0);
    expect(begun).toEqual(['a:story', 'b:story', 'd:asset']);
    endNext();
    await soon();
    expect(begun).toEqual(['a:story', 'b:story', 'd:asset', 'c:story']);
  });

  test('keeps what is dispatched before it is started', () => {
    const { dispatcher } = create();
    const { begun, handler } = held();
    dispatcher.dispatch(step('a'), 0);
    expect(begun).toEqual([]);
    dispatcher.start(handler);
    expect(begun).toEqual(['a:story']);
  });

  test('hands over once a step that is dispatched twice while it waits', async () => {
    const { dispatcher } = create(1);
    const { begun, handler, endNext } = held();
    dispatcher.start(handler);
    for (const id of ['a', 'b', 'b']) dispatcher.dispatch(step(id), 0);
    endNext();
    await soon();
    endNext();
    await soon();
    expect(begun).toEqual(['a:story', 'b:story']);
  });

  test('hands a step over after its delay, and not at all when it was cancelled meanwhile', async () => {
    const { dispatcher } = create();
    const second = Promise.withResolvers<void>();
    const begun: string[] = [];
    dispatcher.start(async ({ workflowId }) => {
      begun.push(workflowId);
      if (workflowId === 'late') second.resolve();
    });
    dispatcher.dispatch(step('cancelled'), 5);
    dispatcher.dispatch(step('late'), 30);
    dispatcher.dispatch(step('now'), 0);
    dispatcher.cancel('cancelled');
    await second.promise;
    expect(begun).toEqual(['now', 'late']);
  });

  test('tells of a handler that fails, and goes on', async () => {
    const { dispatcher, failures } = create(1);
    const done: string[] = [];
    dispatcher.start(async ({ workflowId }) => {
      if (workflowId === 'bad') throw new Error('no');
      done.push(workflowId);
    });
    dispatcher.dispatch(step('bad'), 0);
    dispatcher.dispatch(step('good'), 0);
    await soon();
    await soon();
    expect(failures).toEqual([[new Error('no'), step('bad')]]);
    expect(done).toEqual(['good']);
  });

  test('closes when what was begun has ended, and begins nothing more', async () => {
    const { dispatcher } = create(1);
    const { begun, handler, endNext } = held();
    dispatcher.start(handler);
    for (const id of ['a', 'b']) dispatcher.dispatch(step(id), 0);
    let closed = false;
    const closing = dispatcher.close().then(() => {
      closed = true;
    });
    await soon();
    expect(closed).toBe(false);
    endNext();
    await closing;
    dispatcher.dispatch(step('c'), 0);
    expect(begun).toEqual(['a:story']);
  });

  test('lets a worker go on with the next agent while that has a free place and nobody waits for one', async () => {
    const { dispatcher } = create(1);
    const places = new Map<string, Place>();
    const { begun, handler, endNext } = held();
    dispatcher.start((dispatched, place) => {
      places.set(`${dispatched.workflowId}:${dispatched.agent}`, place);
      return handler(dispatched);
    });
    for (const id of ['a', 'b']) dispatcher.dispatch(step(id), 0);
    const gone = places.get('a:story')?.next('asset');
    expect(gone).toBeTruthy();
    // The only place of asset is taken; leaving story makes room for b, once.
    expect(places.get('a:story')?.next('asset')).toBeNull();
    places.get('a:story')?.leave();
    places.get('a:story')?.leave();
    expect(begun).toEqual(['a:story', 'b:story']);
    dispatcher.dispatch(step('c', 'asset'), 0);
    expect(begun).toHaveLength(2);
    gone?.leave();
    expect(begun).toEqual(['a:story', 'b:story', 'c:asset']);
    endNext();
    endNext();
    await soon();
    dispatcher.dispatch(step('d'), 0);
    dispatcher.dispatch(step('e'), 0);
    expect(begun).toEqual(['a:story', 'b:story', 'c:asset', 'd:story']);
  });

  test('has no place for a worker to go on once it closes', async () => {
    const { dispatcher } = create(1);
    const { handler, endNext } = held();
    let place: Place | null = null;
    dispatcher.start((dispatched, given) => {
      place = given;
      return handler(dispatched);
    });
    dispatcher.dispatch(step('a'), 0);
    const closing = dispatcher.close();
    expect((place as Place | null)?.next('asset')).toBeNull();
    endNext();
    await closing;
  });
});
