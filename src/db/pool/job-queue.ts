/** Something that needs a connection: a statement or a transaction. */
export type Job<C> = {
  /** The engine's jobs (leases, steps) go before those of requests. */
  priority: 'engine' | 'request';
  /** Seconds without an answer after which the connection counts as dead. */
  answerWithin: number;
  /** Uses the connection until it calls `done`, with the error if it failed. */
  run(connection: C, done: (error?: unknown) => void): void;
  /** The job has no connection, or lost it. */
  fail(error: Error): void;
};

export type JobQueue<C> = {
  add(job: Job<C>): void;
  /** The next job, in order of priority and arrival. */
  take(mayBeRequest: boolean): Job<C> | undefined;
  size(): number;
  failAll(error: Error): void;
  /** Fails the jobs that came `seconds` or more before `now`. */
  failOlder(than: number, error: Error): void;
};

/** @param now in seconds */
export function createJobQueue<C>(now: () => number): JobQueue<C> {
  type Waiting = { job: Job<C>; since: number };
  const waiting: Record<Job<C>['priority'], Waiting[]> = { engine: [], request: [] };
  const queues = [waiting.engine, waiting.request];

  return {
    add: (job) => waiting[job.priority].push({ job, since: now() }),
    take: (mayBeRequest) => (waiting.engine.shift() ?? (mayBeRequest ? waiting.request.shift() : undefined))?.job,
    size: () => waiting.engine.length + waiting.request.length,
    failAll(error) {
      for (const queue of queues) for (const { job } of queue.splice(0)) job.fail(error);
    },
    failOlder(than, error) {
      for (const queue of queues) {
        while (queue[0] !== undefined && queue[0].since < than) queue.shift()?.job.fail(error);
      }
    },
  };
}
