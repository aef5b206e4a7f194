import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, WaitingError, Worker } from 'bullmq';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/agents.ts';
import type { Dispatcher, StepHandler, StepRef } from '../orchestrator/ports/dispatch.ts';
import { disconnectRedis, openRedis } from '../redis/connection.ts';
import { createQueues } from './bullmq-queues.ts';
import { createLocalPlaces } from './local-slots.ts';
import { placeOf } from './slot.ts';

/** After a worker's death: how long its job stays locked, and how often somebody looks for such jobs. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_000;
/** Where this process has no place for a job, and others may have. */
const WAIT_FOR_A_PLACE_MS = 500;
const LEAVE_TO_OTHERS_MS = 100;
/** After Redis was away. */
const FETCH_AGAIN_AFTER_MS = 1_000;
/** What a Redis that does not answer may hold up the end of the process. */
const CLOSE_WITHIN_MS = 2_000;

/** Reaches every process that works, and may be lost: the heartbeat finds out what was. */
export type CancelSignal = {
  send(workflowId: string): void;
  listen(heard: (workflowId: unknown) => void): void;
};

/** Fetches nothing from now on; settles when jobs are told done. */
type CloseWorkers = (handlersEnded: Promise<void>) => Promise<void>;

/**
 * Shares steps among processes by BullMQ: a queue an agent, its limits kept in Redis, and waits as delayed jobs. Jobs
 * decide nothing. One that is lost is added again by the reconciler, one that comes twice (BullMQ's stalled check, a
 * Redis that came back with old data) finds the step taken and ends without effect.
 */
export function createBullMqDispatcher(options: {
  redisUrl: string;
  /** One for each database: services that share a Redis must not take one another's jobs. */
  prefix: string;
  limits: Record<AgentName, AgentLimits>;
  cancelSignal: CancelSignal;
  /** Told of a handler that failed; the step stays with the reconciler. */
  failed: (error: unknown, step: StepRef) => void;
  /** Told of what Redis refused. An outage is told of by those who publish the log: they have a connection too. */
  onTrouble: (error: Error) => void;
}): Dispatcher {
  const { redisUrl, prefix, limits, onTrouble } = options;
  const queues = createQueues({ redisUrl, prefix, limits, onTrouble });
  const places = byAgent((agent) => createLocalPlaces(limits[agent], () => closing !== null));
  const handling = new Set<Promise<unknown>>();
  let handler: StepHandler | null = null;
  let closing: Promise<void> | null = null;
  let closeWorkers: CloseWorkers = (ended) => ended;

  async function process(job: Job<{ workflowId: string }>, token: string | undefined): Promise<void> {
    const step = { workflowId: job.data.workflowId, agent: job.name as AgentName };
    const againInMs = handler === null || closing !== null ? 'not_here' : await handle(handler, step);
    if (againInMs === null) return;
    if (againInMs === 'not_here') {
      await job.moveToWait(token);
      // It is the next again, and this process would be the first to ask for it.
      await sleep(LEAVE_TO_OTHERS_MS);
      throw new WaitingError();
    }
    await job.moveToDelayed(Date.now() + againInMs, token);
    throw new DelayedError();
  }

  /** Settles when the step is done, though the handler may go on with the next: that needs no job. */
  async function handle({ run }: StepHandler, step: StepRef): Promise<number | null | 'not_here'> {
    if (!(await places[step.agent].take(WAIT_FOR_A_PLACE_MS))) return 'not_here';
    if (closing !== null) {
      places[step.agent].leave();
      return 'not_here';
    }
    return await new Promise((done) => {
      const place = placeOf(places, step.agent, () => done(null));
      const handled = run(step, place)
        .then(done, (error: unknown) => options.failed(error, step))
        .finally(() => {
          place.release();
          handling.delete(handled);
        });
      handling.add(handled);
    });
  }

  function startWorkers(): CloseWorkers {
    const connection = openRedis(redisUrl, { maxRetriesPerRequest: null }, () => {});
    const workers = AGENT_NAMES.map((agent) => {
      const worker = new Worker<{ workflowId: string }>(agent, process, {
        connection,
        prefix,
        concurrency: limits[agent].concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        // With the default of 1 a second death would end the job without running it. The database counts deaths.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        runRetryDelay: FETCH_AGAIN_AFTER_MS,
        autorun: false,
      });
      worker.on('error', (error) => {
        if (!isExpected(error) && closing === null) onTrouble(error);
      });
      worker
        .waitUntilReady()
        .then(() => worker.run())
        .catch((error: Error) => worker.emit('error', error));
      return worker;
    });
    return async (handlersEnded) => {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      await handlersEnded;
      await Promise.race([closed, sleep(CLOSE_WITHIN_MS)]);
      for (const worker of workers) void worker.disconnect().catch(() => {});
      await disconnectRedis(connection);
    };
  }

  async function close(): Promise<void> {
    await closeWorkers(handlersEnded());
    await queues.close();
  }

  async function handlersEnded(): Promise<void> {
    while (handling.size > 0) await Promise.all(handling);
    await queues.flush();
  }

  return {
    dispatch: queues.add,
    cancel(workflowId, turns) {
      handler?.cancelled(workflowId);
      options.cancelSignal.send(workflowId);
      queues.remove(turns);
    },
    start(given) {
      handler = given;
      options.cancelSignal.listen((workflowId) => {
        if (typeof workflowId === 'string') given.cancelled(workflowId);
      });
      closeWorkers = startWorkers();
    },
    close: () => (closing ??= close()),
  };
}

/** What comes with an outage, or with a Redis that came back without its data: the job is gone, the step is not. */
function isExpected(error: Error & { code?: string }): boolean {
  const codes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'];
  return (
    codes.includes(error.code ?? '') ||
    /Connection is closed|Socket closed|Command timed out|Missing (key|lock) for job|Lock mismatch for job|could not renew lock/.test(
      error.message,
    )
  );
}
