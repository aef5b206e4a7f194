import fc from 'fast-check';

/** Callbacks that fail or return something odd. Each settles within one tick of the event loop. */
export const misbehavingCallbacks = (): fc.Arbitrary<() => unknown> =>
  fc.constantFrom<(() => unknown)[]>(
    () => {
      throw new Error('thrown at once');
    },
    () => {
      // biome-ignore lint/style/useThrowOnlyError: intended by the test
      throw null;
    },
    () => {
      throw Object.assign(Object.create(null), { message: 'no prototype' });
    },
    () => Promise.reject(new Error('rejected')),
    () => Promise.reject(undefined),
    () => Promise.reject(Symbol('rejected')),
    () => Promise.resolve('fine'),
    () => new Promise((resolve) => setImmediate(resolve)),
    () => 42,
    () => null,
    // biome-ignore lint/suspicious/noThenProperty: intended by the test
    () => ({ then: (_resolve: unknown, reject: (reason: unknown) => void) => reject('a thenable that rejects') }),
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: intended by the test
      get then() {
        throw new Error('a thenable that throws');
      },
    }),
    // biome-ignore lint/suspicious/noThenProperty: intended by the test
    () => ({ then: 'no function' }),
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('a proxy');
          },
          has: () => {
            throw new Error('a proxy');
          },
        },
      ),
  );
