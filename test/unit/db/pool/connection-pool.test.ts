import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createConnectionPool } from '../../../../src/db/pool/connection-pool.ts';
import type { Job } from '../../../../src/db/pool/job-queue.ts';

const READ_ONLY = new Error('read-only');
const REFUSED = new Error('too many connections');

type FakeConnection = { number: number; isClosed: boolean; lose(): void; close(): Promise<void> };

/** A server that gives at most `gives.connections`, and refuses further ones. */
function createServer(max: number) {
  const server = { gives: max, failure: REFUSED, opened: [] as FakeConnection[], reports: [] as string[] };
  const open = () => server.opened.filter(({ isClosed }) => !isClosed);
  const pool = createConnectionPool<FakeConnection>({
    max,
    async open(onClose) {
      await sleep(0);
      if (open().length >= server.gives) throw server.failure;
      const connection: FakeConnection = {
        number: server.opened.length,
        isClosed: false,
        lose() {
          connection.isClosed = true;
          onClose();
        },
        async close() {
          if (!connection.isClosed) connection.lose();
        },
      };
      server.opened.push(connection);
      return connection;
    },
    isRefusal: (error) => error === REFUSED,
    onLimited: (connections, { message }) => server.reports.push(`${connections}: ${message}`),
    onFailed(error) {
      if (error === READ_ONLY) pool.replaceAll();
    },
  });
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      pool.tick();
      await sleep(0);
    }
  };
  return Object.assign(server, { pool, open, pass });
}

type Server = ReturnType<typeof createServer>;

/** A job that runs until it is told to end. */
function submit({ pool }: Server, options: Partial<Pick<Job<unknown>, 'priority' | 'answerWithin'>> = {}) {
  const { promise: connection, resolve } = Promise.withResolvers<FakeConnection>();
  const job = {
    state: 'waiting',
    error: null as string | null,
    connection,
    end: (_error?: unknown): void => {},
  };
  pool.submit({
    priority: 'engine',
    answerWithin: 1_000,
    ...options,
    run(given, done) {
      job.state = 'running';
      job.end = (error) => {
        job.state = 'ended';
        done(error);
      };
      resolve(given);
    },
    fail(error) {
      job.state = 'failed';
      job.error = error.message;
    },
  });
  return job;
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await sleep(0);
};

describe('a pool', () => {
  test('a pool opens connections as jobs need them, up to its maximum', async () => {
    const server = createServer(3);
    const jobs = Array.from({ length: 5 }, () => submit(server));
    await settle();
    expect(server.opened).toHaveLength(3);
    expect(jobs.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'waiting', 'waiting']);
    jobs[1]?.end();
    await settle();
    expect(jobs[3]?.state).toBe('running');
    expect(server.opened).toHaveLength(3);
  });

  test('a pool that is refused makes do with what it has, reports that once, and asks for more later', async () => {
    const server = createServer(5);
    server.gives = 2;
    const jobs = Array.from({ length: 6 }, () => submit(server));
    await settle();
    expect(jobs.filter(({ state }) => state === 'running')).toHaveLength(2);
    await server.pass(5);
    expect(server.reports).toEqual(['2: too many connections']);
    server.gives = 5;
    await sleep(300);
    await server.pass(10);
    await settle();
    expect(jobs.filter(({ state }) => state === 'running')).toHaveLength(5);
    expect(jobs.some(({ error }) => error !== null)).toBe(false);
    expect(server.reports).toHaveLength(1);
  });

  test('without any connection the waiting jobs fail with the reason, and later ones work', async () => {
    const server = createServer(5);
    server.gives = 0;
    const jobs = [submit(server), submit(server, { priority: 'request' })];
    await settle();
    expect(jobs.map(({ error }) => error)).toEqual(['too many connections', 'too many connections']);
    server.gives = 5;
    const later = submit(server);
    await later.connection;
    expect(server.reports).toEqual([]);
  });

  test('jobs of the engine go before requests', async () => {
    const server = createServer(1);
    const first = submit(server);
    const request = submit(server, { priority: 'request' });
    const lease = submit(server);
    await first.connection;
    first.end();
    await lease.connection;
    expect(request.state).toBe('waiting');
    lease.end();
    await request.connection;
  });

  test('requests leave the last of several connections to the engine', async () => {
    const server = createServer(3);
    const requests = Array.from({ length: 5 }, () => submit(server, { priority: 'request' }));
    await settle();
    expect(requests.filter(({ state }) => state === 'running')).toHaveLength(2);
    const lease = submit(server);
    await settle();
    expect(lease.state).toBe('running');
  });

  test('connections that are replaced close at once if they are idle, and when their job ends if not', async () => {
    const server = createServer(3);
    const [refused, other, idle] = [submit(server), submit(server), submit(server)];
    await Promise.all([refused.connection, other.connection, idle.connection]);
    idle.end();
    await settle();
    refused.end(READ_ONLY);
    await settle();
    expect(server.open()).toEqual([await other.connection]);
    other.end();
    await settle();
    expect(server.open()).toEqual([]);
  });

  test('a connection that does not answer in time is given up with all others, and the jobs that waited as long fail', async () => {
    const server = createServer(3);
    const [patient, silent, idle] = [submit(server), submit(server, { answerWithin: 5 }), submit(server)];
    await Promise.all([patient.connection, silent.connection, idle.connection]);
    idle.end();
    await server.pass(5);
    expect(silent.state).toBe('running');
    await server.pass(1);
    expect(patient.state).toBe('failed');
    expect(silent.error).toBe('PostgreSQL did not answer within 6 s');
    expect(server.open()).toEqual([]);
    const next = submit(server);
    await next.connection;
    silent.end();
    await settle();
    expect(next.state).toBe('running');
  });

  test('a job that waits too long for a connection fails', async () => {
    const server = createServer(1);
    const [running, waiting] = [submit(server), submit(server)];
    await running.connection;
    await server.pass(31);
    expect(waiting.error).toBe('no connection became free within 30 s');
    expect(running.state).toBe('running');
  });

  test('idle connections are given back, but for one', async () => {
    const server = createServer(5);
    const jobs = Array.from({ length: 5 }, () => submit(server));
    await Promise.all(jobs.map(({ connection }) => connection));
    for (const job of jobs) job.end();
    await server.pass(12);
    expect(server.open()).toHaveLength(1);
  });

  test('a lost connection is replaced for the jobs that wait', async () => {
    const server = createServer(1);
    const [running, waiting] = [submit(server), submit(server)];
    const connection = await running.connection;
    connection.lose();
    running.end(new Error('lost'));
    expect(await waiting.connection).not.toBe(connection);
  });

  test('closing waits for jobs in progress, and fails those that take too long', async () => {
    const server = createServer(1);
    const [running, waiting] = [submit(server), submit(server)];
    await running.connection;
    const closed = server.pool.close(20);
    expect(submit(server).error).toBe('the connections to PostgreSQL are closed');
    running.end();
    await waiting.connection;
    await closed;
    expect(server.open()).toEqual([]);
  });
});
