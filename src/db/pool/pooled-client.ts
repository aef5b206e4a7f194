import type postgres from 'postgres';
import type { DriverConnection } from './connector.ts';
import { type DriverQuery, driverQuery, isDriverQuery } from './driver-query.ts';
import type { Job } from './job-queue.ts';

/**
 * A client of the pool that is used like the driver's own. `template` makes the statements and never connects; the pool
 * decides which connection sends them.
 */
export function pooledClient(
  template: postgres.Sql,
  submit: (job: Job<DriverConnection>) => void,
  limits: Pick<Job<unknown>, 'priority' | 'answerWithin'>,
): postgres.Sql {
  function submitQuery(query: DriverQuery): void {
    const { resolve, reject } = query;
    submit({
      ...limits,
      run(connection, done) {
        query.resolve = (result) => {
          done();
          resolve(result);
        };
        query.reject = (error) => {
          done(error);
          reject(error);
        };
        connection.execute(query);
      },
      fail: reject,
    });
  }

  function directed(made: unknown): unknown {
    // Identifiers and lists of values are not statements.
    if (isDriverQuery(made)) made.handler = submitQuery;
    return made;
  }

  const begin = (...args: Parameters<postgres.Sql['begin']>) =>
    new Promise((resolve, reject) => {
      submit({
        ...limits,
        run(connection, done) {
          connection.driver.begin(...args).then(
            (value) => {
              done();
              resolve(value);
            },
            (error: unknown) => {
              done(error);
              reject(error);
            },
          );
        },
        fail: reject,
      });
    });

  return new Proxy(template, {
    apply: (make, self, args) => directed(Reflect.apply(make, self, args)),
    get(target, name) {
      if (name === 'begin') return begin;
      if (name === 'unsafe') {
        return (...args: Parameters<postgres.Sql['unsafe']>) => driverQuery(directed(target.unsafe(...args)));
      }
      return Reflect.get(target, name);
    },
  });
}
