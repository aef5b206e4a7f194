import { setTimeout as sleep } from 'node:timers/promises';
import { type JobsOptions, Queue } from 'bullmq';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/agents.ts';
import type { ReadyStep } from '../orchestrator/ports/dispatch.ts';
import { disconnectRedis, openRedis } from '../redis/connection.ts';

/** `queue.add` would wait for an answer for ever. */
const ANSWER_WITHIN_MS = 1_000;
/** A Redis may be emptied without losing its connections. */
const WRITE_LIMITS_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

/** The database counts attempts, and keeps what became of them. */
const ONCE: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** More that could not be added while Redis was away are left to the reconciler, which finds them a little later. */
const MOST_MISSED = 1_000;

/** The side of BullMQ that adds jobs. While Redis is away nobody waits for it: they are added when it is back. */
export type Queues = {
  add(turn: ReadyStep, delayMs: number): void;
  /** Of those that have not begun. */
  remove(turns: readonly ReadyStep[]): void;
  /** Settles when all that was added is out, or given up. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export function createQueues(options: {
  redisUrl: string;
  prefix: string;
  limits: Record<AgentName, AgentLimits>;
  onTrouble: (error: Error) => void;
}): Queues {
  const { prefix, limits, onTrouble } = options;
  const connection = openRedis(
    options.redisUrl,
    { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_WITHIN_MS },
    () => {},
  );
  const queues = byAgent((agent) => {
    // What its start asks Redis for would fail for good while Redis is away.
    const lazy = { skipVersionCheck: true, skipWaitingForReady: true, skipMetasUpdate: true };
    const queue = new Queue<{ workflowId: string }>(agent, { connection, prefix, ...lazy });
    // Those of the connection, which tells of them itself.
    queue.on('error', () => {});
    return queue;
  });
  const underWay = new Set<Promise<void>>();
  const connected = new Promise<void>((resolve) => connection.once('ready', () => resolve()));

  /** By job id, with the time of the monotonic clock at which the step is due. */
  const missed = new Map<string, { turn: ReadyStep; dueAt: number }>();

  function attempt(work: () => Promise<unknown>, gaveUp: () => void = () => {}): void {
    const done = whenReachable(work)
      .then((reached) => {
        if (!reached) gaveUp();
      })
      .catch((error: Error) => {
        gaveUp();
        if (connection.status === 'ready') onTrouble(error);
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  async function whenReachable(work: () => Promise<unknown>): Promise<boolean> {
    // Right after the start.
    if (connection.status.startsWith('connect')) await Promise.race([connected, sleep(ANSWER_WITHIN_MS)]);
    if (connection.status !== 'ready') return false;
    await work();
    return true;
  }

  function add(id: string, turn: ReadyStep, dueAt: number): void {
    attempt(
      () => {
        const delay = Math.ceil(dueAt - performance.now());
        const options = { ...ONCE, jobId: id, ...(delay > 0 ? { delay } : {}) };
        return queues[turn.agent].add(turn.agent, { workflowId: turn.workflowId }, options);
      },
      () => {
        if (missed.size < MOST_MISSED) missed.set(id, { turn, dueAt });
      },
    );
  }

  function addMissed(): void {
    const turns = [...missed];
    missed.clear();
    for (const [id, { turn, dueAt }] of turns) add(id, turn, dueAt);
  }

  /** They live in Redis and vanish with its data; and what is not limited any more must not stay limited. */
  async function writeLimits(agent: AgentName): Promise<void> {
    const { globalConcurrency, ratePerMinute } = limits[agent];
    const queue = queues[agent];
    await (globalConcurrency === null
      ? queue.removeGlobalConcurrency()
      : queue.setGlobalConcurrency(globalConcurrency));
    await (ratePerMinute === null ? queue.removeGlobalRateLimit() : queue.setGlobalRateLimit(ratePerMinute, MINUTE_MS));
  }

  const limited = byAgent((agent) => limits[agent].globalConcurrency !== null || limits[agent].ratePerMinute !== null);
  const forEach = (work: (agent: AgentName) => Promise<void>, which: (agent: AgentName) => boolean = () => true) => {
    for (const agent of AGENT_NAMES) if (which(agent)) attempt(() => work(agent));
  };
  connection.on('ready', () => {
    forEach(writeLimits);
    addMissed();
  });
  const again = setInterval(() => forEach(writeLimits, (agent) => limited[agent]), WRITE_LIMITS_EVERY_MS);

  return {
    add: (turn, delayMs) => add(delayMs > 0 ? waitId(turn) : jobId(turn), turn, performance.now() + delayMs),
    remove(turns) {
      for (const turn of turns) {
        for (const id of [jobId(turn), waitId(turn)]) {
          missed.delete(id);
          attempt(() => queues[turn.agent].remove(id));
        }
      }
    },
    async flush() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      clearInterval(again);
      await disconnectRedis(connection);
    },
  };
}

/**
 * The same turn is one job, as long as BullMQ knows it; the next taking, whose lease has another number, is another,
 * so that the job of a dead worker never stands in its successor's way.
 */
function jobId({ workflowId, agent, leaseNumber }: ReadyStep): string {
  return `${workflowId}_${agent}_${leaseNumber}`;
}

/**
 * A wait is another job than the turn at its end. BullMQ ends it by the clock of the process that added it; where that
 * is wrong, the reconciler, which goes by Postgres' clock, still gets the turn its job.
 */
function waitId(turn: ReadyStep): string {
  return `${jobId(turn)}_wait`;
}
