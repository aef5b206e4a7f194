import { setTimeout as sleep } from 'node:timers/promises';
import { type JobsOptions, Queue } from 'bullmq';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/call-agent.ts';
import type { ReadyStep } from '../orchestrator/ports/dispatch.ts';
import { disconnectRedis, openRedis } from '../redis/open-redis.ts';

/** A command that Redis does not answer for this long fails; by default it would wait without end. */
const COMMAND_TIMEOUT_MS = 1_000;
/** How often limits are written again: a Redis may be emptied without closing its connections. */
const WRITE_LIMITS_INTERVAL_MS = 5_000;
const MINUTE_MS = 60_000;
/** Jobs kept to be added after an outage. Further ones are left to the reconciler, which finds them a little later. */
const MAX_MISSED_JOBS = 1_000;

/** The database counts attempts, and keeps their outcomes. */
const JOB_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

export type JobData = { workflowId: string };

/** The side of BullMQ that adds jobs. It never waits for Redis: during an outage jobs are kept, and added afterwards. */
export type Queues = {
  add(step: ReadyStep, delayMs: number): void;
  /** Removes the jobs of these steps that have not begun. */
  remove(steps: readonly ReadyStep[]): void;
  /** Settles when all that was added has been sent, or given up. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export const isLimitedGlobally = ({ globalConcurrency, ratePerMinute }: AgentLimits): boolean =>
  globalConcurrency !== null || ratePerMinute !== null;

export function createQueues(options: {
  redisUrl: string;
  prefix: string;
  limits: Record<AgentName, AgentLimits>;
  /** Called with what Redis refused while it was reachable. */
  onError: (error: Error) => void;
}): Queues {
  const { prefix, limits, onError } = options;
  const connection = openRedis(
    options.redisUrl,
    { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS },
    () => {},
  );
  const queues = byAgent((agent) => {
    // A queue's requests at its start would fail for good during an outage.
    const withoutRequests = { skipVersionCheck: true, skipWaitingForReady: true, skipMetasUpdate: true };
    const queue = new Queue<JobData>(agent, { connection, prefix, ...withoutRequests });
    // It repeats the errors of the connection, and an error without a listener would be thrown.
    queue.on('error', () => {});
    return queue;
  });
  const inProgress = new Set<Promise<void>>();
  const connected = new Promise<void>((resolve) => connection.once('ready', () => resolve()));

  /** By job id, with the time of the monotonic clock at which the step is due. */
  const missed = new Map<string, { step: ReadyStep; dueAtMs: number }>();

  /** Sends `request` if Redis can be reached, in the background. */
  function send(request: () => Promise<unknown>, onNotSent: () => void = () => {}): void {
    const done = whenReachable(request)
      .then((isSent) => {
        if (!isSent) onNotSent();
      })
      .catch((error: Error) => {
        onNotSent();
        if (connection.status === 'ready') onError(error);
      })
      .finally(() => inProgress.delete(done));
    inProgress.add(done);
  }

  async function whenReachable(request: () => Promise<unknown>): Promise<boolean> {
    // True only shortly after the start.
    if (connection.status.startsWith('connect')) await Promise.race([connected, sleep(COMMAND_TIMEOUT_MS)]);
    if (connection.status !== 'ready') return false;
    await request();
    return true;
  }

  function add(id: string, step: ReadyStep, dueAtMs: number): void {
    send(
      () => {
        const delay = Math.max(0, Math.ceil(dueAtMs - performance.now()));
        return queues[step.agent].add(
          step.agent,
          { workflowId: step.workflowId },
          { ...JOB_OPTIONS, jobId: id, delay },
        );
      },
      () => {
        if (missed.size < MAX_MISSED_JOBS) missed.set(id, { step, dueAtMs });
      },
    );
  }

  function addMissed(): void {
    const jobs = [...missed];
    missed.clear();
    for (const [id, { step, dueAtMs }] of jobs) add(id, step, dueAtMs);
  }

  /** Limits live in Redis and vanish with its data. One that is no longer configured must be removed. */
  async function writeLimits(agent: AgentName): Promise<void> {
    const { globalConcurrency, ratePerMinute } = limits[agent];
    const queue = queues[agent];
    await (globalConcurrency === null
      ? queue.removeGlobalConcurrency()
      : queue.setGlobalConcurrency(globalConcurrency));
    await (ratePerMinute === null ? queue.removeGlobalRateLimit() : queue.setGlobalRateLimit(ratePerMinute, MINUTE_MS));
  }

  connection.on('ready', () => {
    for (const agent of AGENT_NAMES) send(() => writeLimits(agent));
    addMissed();
  });
  const limited = AGENT_NAMES.filter((agent) => isLimitedGlobally(limits[agent]));
  const limitsTimer = setInterval(() => {
    for (const agent of limited) send(() => writeLimits(agent));
  }, WRITE_LIMITS_INTERVAL_MS);

  return {
    add: (step, delayMs) => add(delayMs > 0 ? waitJobId(step) : jobId(step), step, performance.now() + delayMs),
    remove(steps) {
      for (const step of steps) {
        for (const id of [jobId(step), waitJobId(step)]) {
          missed.delete(id);
          send(() => queues[step.agent].remove(id));
        }
      }
    },
    async flush() {
      while (inProgress.size > 0) await Promise.all(inProgress);
    },
    async close() {
      clearInterval(limitsTimer);
      await disconnectRedis(connection);
    },
  };
}

/**
 * A ready step has one job for as long as BullMQ knows it. The next taking has another lease number and so another job:
 * the job of a dead worker never blocks its successor's.
 */
function jobId({ workflowId, agent, leaseNumber }: ReadyStep): string {
  return `${workflowId}_${agent}_${leaseNumber}`;
}

/**
 * A wait is a job of its own. BullMQ ends it by the clock of the process that added it; if that clock is wrong, the
 * reconciler, which uses the clock of Postgres, can still add the step's job.
 */
function waitJobId(step: ReadyStep): string {
  return `${jobId(step)}_wait`;
}
