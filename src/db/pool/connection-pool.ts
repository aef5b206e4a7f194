import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../postgres-errors.ts';
import { createJobQueue, type Job } from './job-queue.ts';

/** What the pool needs of a connection; `C` adds what jobs do with it. */
export type PoolConnection = {
  /** Does not wait for an answer. */
  close(): Promise<void>;
};

export type ConnectionPoolOptions<C extends PoolConnection> = {
  max: number;
  /** @param onClose called when a connection that was opened is closed, by whichever side. */
  open(onClose: () => void): Promise<C>;
  /** The server answered and gives no more connections, unlike one that cannot be reached. */
  isRefusal(error: unknown): boolean;
  /** Called once when there are fewer connections than `max`, until all of them could be opened. */
  onLimited(connections: number, reason: Error): void;
  /** Called with the error of each job that failed. */
  onFailed(error: unknown): void;
};

export type ConnectionPool<C> = {
  submit(job: Job<C>): void;
  /** Closes idle connections, and the others when their job is done. */
  replaceAll(): void;
  /** Connections with and without a job, and jobs that wait for one. */
  use(): { busy: number; idle: number; waiting: number };
  /** One second has passed. */
  tick(): void;
  /** Jobs have `timeoutMs` to end. */
  close(timeoutMs: number): Promise<void>;
};

type Member<C> = { connection: C; job: Job<C> | null; since: number; openedAt: number; isRetired: boolean };

/** After a failure, no connection is opened for this long. */
const REOPEN_AFTER_MS = 250;

/*
 * In seconds, counted by `tick`: those in which the process itself stands still do not count, since answers may have
 * come meanwhile.
 */
/** Poolers are shared, so connections that are not needed are given back. */
const MAX_IDLE = 10;
/** After a failover, no connection keeps pointing at the old server for longer than this. */
const MAX_LIFETIME = 30 * 60;
/** How long a job waits for a connection. */
const MAX_WAIT = 30;
/** How long the pool makes do with what it has before it asks for one more. */
const GROW_AFTER = 10;

/**
 * Opens connections as jobs need them, each for one job at a time. A server that gives no more than a few is enough: jobs
 * wait for these, those of the engine first. Requests leave one connection free for the engine, if there are two.
 */
export function createConnectionPool<C extends PoolConnection>(options: ConnectionPoolOptions<C>): ConnectionPool<C> {
  const { max, open, isRefusal } = options;
  const members = new Set<Member<C>>();
  /** The last used is used first, so that the others become idle for long. */
  const idle: Member<C>[] = [];
  const queue = createJobQueue<C>(() => time);
  let opening = 0;
  let requests = 0;
  let limit = max;
  let limitedAt = 0;
  let isLimitReported = false;
  let reopenTimer: NodeJS.Timeout | null = null;
  let time = 0;
  let state: 'open' | 'closing' | 'closed' = 'open';
  let onDrained = () => {};

  function pump(): void {
    for (let member = idle.at(-1); member !== undefined; member = idle.at(-1)) {
      const job = queue.take(requests < Math.max(1, members.size - 1));
      if (job === undefined) break;
      idle.pop();
      start(member, job);
    }
    if (reopenTimer === null) {
      const missing = Math.min(queue.size() - opening, limit - members.size - opening);
      for (let count = 0; count < missing; count += 1) void openOne();
    }
    if (queue.size() === 0 && idle.length === members.size) onDrained();
  }

  function start(member: Member<C>, job: Job<C>): void {
    member.job = job;
    member.since = time;
    if (job.priority === 'request') requests += 1;
    job.run(member.connection, (error) => queueMicrotask(() => finish(member, job, error)));
  }

  function finish(member: Member<C>, job: Job<C>, error: unknown): void {
    if (member.job !== job) return;
    detach(member, job);
    if (error !== undefined) options.onFailed(error);
    if (members.has(member)) {
      if (member.isRetired || time - member.openedAt > MAX_LIFETIME) remove(member);
      else idle.push(member);
    }
    pump();
  }

  function detach(member: Member<C>, job: Job<C>): void {
    member.job = null;
    member.since = time;
    if (job.priority === 'request') requests -= 1;
  }

  async function openOne(): Promise<void> {
    opening += 1;
    let member: Member<C> | null = null;
    try {
      const connection = await open(() => {
        if (member !== null) remove(member);
        pump();
      });
      opening -= 1;
      if (state === 'closed') return await connection.close();
      member = { connection, job: null, since: time, openedAt: time, isRetired: false };
      members.add(member);
      idle.push(member);
      grow();
      if (members.size === max) isLimitReported = false;
    } catch (error) {
      opening -= 1;
      onOpenFailed(error instanceof Error ? error : new Error(String(error)));
    }
    pump();
  }

  function onOpenFailed(error: Error): void {
    reopenTimer ??= setTimeout(() => {
      reopenTimer = null;
      pump();
    }, REOPEN_AFTER_MS);
    if (members.size + opening === 0) {
      limit = max;
      queue.failAll(error instanceof DatabaseUnavailableError ? error : unavailable(error));
    } else if (isRefusal(error)) {
      limit = members.size + opening;
      limitedAt = time;
    }
    if (limit < max && opening === 0 && !isLimitReported) {
      isLimitReported = true;
      options.onLimited(members.size, error);
    }
  }

  /** Lets the pool ask for one connection more than it has got. */
  function grow(): void {
    limit = Math.min(max, Math.max(limit, members.size + opening + 1));
  }

  function remove(member: Member<C>): void {
    if (!members.delete(member)) return;
    const index = idle.indexOf(member);
    if (index !== -1) idle.splice(index, 1);
    void member.connection.close();
  }

  function replaceAll(): void {
    for (const member of members) {
      if (member.job === null) remove(member);
      else member.isRetired = true;
    }
  }

  /** The server may have disappeared: what has waited as long on other connections is given up as well. */
  function giveUp(seconds: number): void {
    replaceAll();
    for (const member of members) {
      const { job } = member;
      const waited = time - member.since;
      if (job === null || waited < seconds) continue;
      detach(member, job);
      remove(member);
      job.fail(new DatabaseUnavailableError(`PostgreSQL did not answer within ${waited} s`));
    }
  }

  return {
    submit(job) {
      if (state !== 'open') return job.fail(closedError());
      queue.add(job);
      pump();
    },
    replaceAll,
    use: () => ({ busy: members.size - idle.length, idle: idle.length, waiting: queue.size() }),
    tick() {
      time += 1;
      for (const member of members) {
        const { job } = member;
        const seconds = time - member.since;
        const isOld = time - member.openedAt > MAX_LIFETIME || (seconds > MAX_IDLE && members.size > 1);
        if (job !== null && seconds > job.answerWithin) giveUp(seconds);
        else if (job === null && isOld) remove(member);
      }
      queue.failOlder(time - MAX_WAIT, new DatabaseUnavailableError(`no connection became free within ${MAX_WAIT} s`));
      if (time - limitedAt > GROW_AFTER) grow();
      pump();
    },
    async close(timeoutMs) {
      state = 'closing';
      const { promise: drained, resolve } = Promise.withResolvers<void>();
      onDrained = resolve;
      pump();
      const timeout = new AbortController();
      await Promise.race([drained, sleep(timeoutMs, undefined, { signal: timeout.signal }).catch(() => {})]);
      timeout.abort();
      state = 'closed';
      if (reopenTimer !== null) clearTimeout(reopenTimer);
      queue.failAll(closedError());
      const connections = [...members].map(({ connection }) => connection);
      members.clear();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

const closedError = () => new DatabaseUnavailableError('the connections to PostgreSQL are closed');

/** The driver's error when it connects to a name with several addresses has no message of its own. */
const unavailable = (cause: Error) =>
  new DatabaseUnavailableError(cause.message || ('code' in cause ? String(cause.code) : cause.name), { cause });
