import type { PipeableIterator } from '../../src/orchestrator/ports/log.ts';

/**
 * A stand-in for a dependency of which a test needs only some members. Any other member throws when it is used, so an
 * unexpected call fails with its name.
 */
export function fake<T extends object>(name: string, members: Partial<T> = {}): T {
  return new Proxy(members as T, {
    get(target, key, receiver) {
      // Symbols and `then` are read by `await`, assertions and loggers.
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key, receiver);
      throw new Error(`unexpected use of ${name}.${key}`);
    },
  });
}

/** A function that a test does not expect to be called. */
export function unexpectedCall(): never {
  throw new Error('unexpected call');
}

/** An iterator for code that reads it with `next()` only. */
export function pipeable<T>(items: AsyncIterableIterator<T>): PipeableIterator<T> {
  return Object.assign(items, { pipeTo: unexpectedCall });
}
