import { describe, expect, test } from 'vitest';
import { guardStream } from '../../../../src/server/streams/guard-stream.ts';
import { collect } from '../../../support/clients/graphql-clients.ts';
import { createControlledSource } from '../../../support/server/controlled-source.ts';

const rethrow = {
  onError: (error: unknown): never => {
    throw error;
  },
  onCloseError: () => undefined,
};

/** Counts the calls of `return`; `onReturn` may throw. */
function counting(onReturn: () => void = () => undefined) {
  const calls = { return: 0 };
  const source = {
    next: async () => ({ done: false as const, value: 1 }),
    async return() {
      calls.return += 1;
      onReturn();
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return { source, calls };
}

describe('guarded streams', () => {
  test('a guarded stream passes values on to the end', async () => {
    async function* source() {
      yield* [1, 2];
    }
    expect(await collect(guardStream(source(), rethrow))).toEqual([1, 2]);
  });

  test('a guarded stream closes its source once, however often it is closed', async () => {
    const { source, calls } = counting();
    const stream = guardStream(source, rethrow);
    await Promise.all([stream.return(), stream.return()]);
    await stream.return();
    expect(calls.return).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('a guarded stream ends a pending read when it is closed', async () => {
    const source = createControlledSource<number>();
    const stream = guardStream(source.open(), rethrow);
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('a guarded stream does not reject when its source cannot be closed', async () => {
    const problems: unknown[] = [];
    const broken = new Error('cannot close');
    const { source } = counting(() => {
      throw broken;
    });
    const stream = guardStream(source, { ...rethrow, onCloseError: (error) => problems.push(error) });
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(problems).toEqual([broken]);
  });

  test('a guarded stream ends with the value that onError returns', async () => {
    const source = createControlledSource<string>();
    source.push('first');
    source.fail(new Error('lost'));
    const stream = guardStream(source.open(), {
      ...rethrow,
      onError: (error) => `masked: ${(error as Error).message}`,
    });
    expect(await collect(stream)).toEqual(['first', 'masked: lost']);
    await source.returned;
  });

  test('a guarded stream does not report an error that occurs after it was closed', async () => {
    const source = createControlledSource<number>();
    const stream = guardStream({ [Symbol.asyncIterator]: () => ({ next: source.open().next }) }, rethrow);
    const waiting = stream.next();
    await stream.return();
    source.fail(new Error('too late'));
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
