import type postgres from 'postgres';

type Query = { resolve?: (result: unknown) => void };

/**
 * Mends results of the driver. It numbers the rows of a connection by a counter that it sets back at the end of a
 * result only: after a statement that was cut short in the middle of its rows (a backend that was terminated, a
 * statement that was cancelled) the rows of the next one begin so many places too late. To who reads them such a
 * result has no first row, and so nothing to say.
 */
export function wholeResults<T extends postgres.Sql>(client: T): T {
  return wrap(client);
}

function wrap<T extends object>(client: T): T {
  return new Proxy(client, {
    apply: (call, self, args) => mend(Reflect.apply(call as () => unknown, self, args)),
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'unsafe') return (...args: unknown[]) => mend(value(...args));
      if (name === 'begin' || name === 'savepoint') return (...args: unknown[]) => value(...args.map(wrapTransaction));
      return value;
    },
  });
}

/** Of `begin(work)` and its like: what `work` is given runs statements as well. */
function wrapTransaction(argument: unknown): unknown {
  if (typeof argument !== 'function') return argument;
  return (transaction: object) => argument(wrap(transaction));
}

/** A query is told its result by a method of its own. */
function mend(query: unknown): unknown {
  const { resolve } = query as Query;
  if (resolve !== undefined) (query as Query).resolve = (result) => resolve(whole(result));
  return query;
}

function whole(result: unknown): unknown {
  if (Array.isArray(result) && result.length > 0 && !(0 in result)) result.splice(0, Number(Object.keys(result)[0]));
  return result;
}
