import type { Logger } from 'pino';
import type { Config } from '../config/parse-config.ts';
import { createBullMqDispatcher } from '../dispatch/bullmq-dispatcher.ts';
import { createInProcessDispatcher } from '../dispatch/in-process-dispatcher.ts';
import { byAgent } from '../orchestrator/domain/agents.ts';
import type { Dispatcher, StepRef } from '../orchestrator/ports/dispatch.ts';
import type { PubSub } from '../pubsub/pubsub.ts';

const CANCEL_CHANNEL = 'workflows:cancelled';

/** What is told again sooner, in ms, is not told: a Redis that is full, or read only, refuses every job. */
const TELL_EVERY_MS = 10_000;

/**
 * Who works on what: processes that share a Redis share the work; without one it stays in this process.
 * @param database tells this database from others that are served over the same Redis.
 */
export function openDispatcher(config: Config, database: string, pubsub: PubSub, log: Logger): Dispatcher {
  const limits = byAgent((agent) => config.agents[agent].limits);
  const failed = (error: unknown, step: StepRef) =>
    log.warn({ err: error, ...step }, 'a step could not be worked on; it is tried again');
  if (config.redisUrl === null) return createInProcessDispatcher({ limits, failed });
  return createBullMqDispatcher({
    redisUrl: config.redisUrl,
    prefix: `hauntedai-${database}`,
    limits,
    failed,
    cancelSignal: {
      send: (workflowId) => pubsub.publish(CANCEL_CHANNEL, workflowId),
      listen: (heard) => void pubsub.subscribe(CANCEL_CHANNEL, heard),
    },
    onError: seldom((error) => log.warn({ reason: error.message }, 'Redis refused a job; it is added again')),
  });
}

function seldom(tell: (error: Error) => void): (error: Error) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    tell(error);
  };
}
