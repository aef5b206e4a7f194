import type postgres from 'postgres';

type Query = { resolve?: (result: unknown) => void };

/**
 * Works around a fault of postgres.js: it counts the rows of a result per connection, and resets the count only at the
 * end of a result. After a result that was cut short (a backend was terminated, a statement cancelled), the rows of the
 * next one start at a later index. The caller sees an array whose index 0 is a hole, and treats it as empty.
 */
export function fixRowOffsets<T extends postgres.Sql>(client: T): T {
  return wrap(client);
}

function wrap<T extends object>(client: T): T {
  return new Proxy(client, {
    apply: (call, self, args) => fixQuery(Reflect.apply(call as () => unknown, self, args)),
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'unsafe') return (...args: unknown[]) => fixQuery(value(...args));
      if (name === 'begin' || name === 'savepoint') return (...args: unknown[]) => value(...args.map(wrapTransaction));
      return value;
    },
  });
}

/** Wraps the callback of `begin` and `savepoint`, so that the transaction that it gets is fixed too. */
function wrapTransaction(argument: unknown): unknown {
  if (typeof argument !== 'function') return argument;
  return (transaction: object) => argument(wrap(transaction));
}

/** The driver passes a query its result by calling `resolve`. */
function fixQuery(query: unknown): unknown {
  const { resolve } = query as Query;
  if (resolve !== undefined) (query as Query).resolve = (result) => resolve(withoutOffset(result));
  return query;
}

function withoutOffset(result: unknown): unknown {
  if (Array.isArray(result) && result.length > 0 && !(0 in result)) result.splice(0, Number(Object.keys(result)[0]));
  return result;
}
