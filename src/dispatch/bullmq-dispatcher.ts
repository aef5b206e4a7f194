import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, WaitingError, Worker } from 'bullmq';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/call-agent.ts';
import type { Dispatcher, StepHandler, StepId } from '../orchestrator/ports/dispatch.ts';
import { disconnectRedis, openRedis } from '../redis/open-redis.ts';
import { isExpectedWorkerError } from './bullmq-errors.ts';
import { createQueues, isLimitedGlobally, type JobData } from './bullmq-queues.ts';
import { withQuietInfo } from './quiet-info.ts';
import { createSlots, heldSlot } from './slots.ts';

/** How long the job of a dead worker stays locked, and how often workers look for such jobs. */
const JOB_LOCK_MS = 5_000;
const STALLED_CHECK_INTERVAL_MS = 2_000;
/** How long a fetched job may wait for a slot in this process before it is put back. */
const SLOT_TIMEOUT_MS = 500;
/** How long this process then leaves the job to others: it is first in line again. */
const PUT_BACK_PAUSE_MS = 100;
/** Before a worker fetches again after an error of Redis. */
const FETCH_RETRY_DELAY_MS = 1_000;
/** How long a Redis that does not answer may delay the end of the process. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Reaches every process that works on steps. A message may be lost: then the heartbeat finds out. */
export type CancelSignal = {
  send(workflowId: string): void;
  listen(onCancelled: (workflowId: unknown) => void): void;
};

/** What becomes of a job: it is done, goes back to the queue, or is delayed until the step's wait is over. */
type JobOutcome = 'done' | 'putBack' | { delayMs: number };

/**
 * Shares steps among processes through BullMQ: one queue for each agent, its limits kept in Redis, waits as delayed jobs.
 * Jobs decide nothing. A job that is lost is added again by the reconciler; one that is delivered twice (by BullMQ's
 * stalled check, or a Redis restored from old data) finds its step taken and ends without effect.
 */
export function createBullMqDispatcher(options: {
  redisUrl: string;
  /** One for each database: services that share a Redis must not take one another's jobs. */
  prefix: string;
  limits: Record<AgentName, AgentLimits>;
  cancelSignal: CancelSignal;
  /** Called when the handler failed; the reconciler dispatches the step again. */
  onHandlerError: (error: unknown, step: StepId) => void;
  /** Called with what Redis refused. Not called for an outage: the connection for pub/sub reports that. */
  onError: (error: Error) => void;
}): Dispatcher {
  const { redisUrl, prefix, limits, cancelSignal, onError } = options;
  const queues = createQueues({ redisUrl, prefix, limits, onError });
  const slots = byAgent((agent) => createSlots({ concurrency: limits[agent].concurrency, ratePerMinute: null }));
  /** Only Redis knows the calls of an agent that is limited over all processes, so its next step needs a job. */
  const slotsForNext = byAgent((agent) =>
    isLimitedGlobally(limits[agent]) ? { ...slots[agent], tryAcquire: () => false } : slots[agent],
  );
  const handling = new Set<Promise<unknown>>();
  let handler: StepHandler | null = null;
  let closing: Promise<void> | null = null;
  let closeWorkers = async (handlersEnded: Promise<void>) => handlersEnded;

  async function process(job: Job<JobData>, token: string | undefined): Promise<void> {
    const step = { workflowId: job.data.workflowId, agent: job.name as AgentName };
    const outcome = handler === null ? 'putBack' : await handle(handler, step);
    if (outcome === 'done') return;
    if (outcome === 'putBack') {
      await job.moveToWait(token);
      await sleep(PUT_BACK_PAUSE_MS);
      throw new WaitingError();
    }
    await job.moveToDelayed(Date.now() + outcome.delayMs, token);
    throw new DelayedError();
  }

  /** Settles when the step is done, though the handler may continue with the next one: that needs no job. */
  async function handle({ run }: StepHandler, step: StepId): Promise<JobOutcome> {
    const isAcquired = await slots[step.agent].acquire({ timeoutMs: SLOT_TIMEOUT_MS });
    if (!isAcquired) return 'putBack';
    const { promise, resolve } = Promise.withResolvers<JobOutcome>();
    const slot = heldSlot(slotsForNext, step.agent, () => resolve('done'));
    const handled = run(step, slot)
      .then(
        (delayMs) => resolve(delayMs === null ? 'done' : { delayMs }),
        (error: unknown) => options.onHandlerError(error, step),
      )
      .finally(() => {
        slot.release();
        handling.delete(handled);
      });
    handling.add(handled);
    return await promise;
  }

  /** @returns stops fetching jobs; settles when those that were fetched are marked as done. */
  function startWorkers(): typeof closeWorkers {
    const connection = openRedis(redisUrl, { maxRetriesPerRequest: null }, () => {});
    const workers = AGENT_NAMES.map((agent) => {
      const worker = new Worker<JobData>(agent, process, {
        connection: withQuietInfo(connection),
        prefix,
        concurrency: limits[agent].concurrency,
        lockDuration: JOB_LOCK_MS,
        stalledInterval: STALLED_CHECK_INTERVAL_MS,
        // With the default of 1 a second death would end the job without running it. The database counts deaths.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        runRetryDelay: FETCH_RETRY_DELAY_MS,
        autorun: false,
      });
      worker.on('error', (error) => {
        if (!isExpectedWorkerError(error) && closing === null) onError(error);
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
      await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS)]);
      for (const worker of workers) void worker.disconnect().catch(() => {});
      await disconnectRedis(connection);
    };
  }

  async function close(): Promise<void> {
    for (const agentSlots of Object.values(slots)) agentSlots.close();
    await closeWorkers(handlersEnded());
    await queues.close();
  }

  async function handlersEnded(): Promise<void> {
    while (handling.size > 0) await Promise.all(handling);
    await queues.flush();
  }

  return {
    dispatch: queues.add,
    cancel(workflowId, steps) {
      handler?.cancelled(workflowId);
      cancelSignal.send(workflowId);
      queues.remove(steps);
    },
    start(given) {
      handler = given;
      cancelSignal.listen((workflowId) => {
        if (typeof workflowId === 'string') given.cancelled(workflowId);
      });
      closeWorkers = startWorkers();
    },
    close: () => (closing ??= close()),
  };
}
