import type { Logger } from 'pino';
import type { Config } from '../config/parse-config.ts';
import { createBullMqDispatcher } from '../dispatch/bullmq-dispatcher.ts';
import { createInProcessDispatcher } from '../dispatch/in-process-dispatcher.ts';
import { byAgent } from '../orchestrator/domain/agents.ts';
import type { Dispatcher, StepId } from '../orchestrator/ports/dispatch.ts';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { throttle } from './throttle.ts';

const CANCEL_CHANNEL = 'workflows:cancelled';

/** A Redis that is full or read-only refuses every job. */
const REPORT_INTERVAL_MS = 10_000;

/**
 * Processes that use the same Redis share the work. Without Redis, all of it stays in this process.
 * @param databaseId keeps the jobs apart from those of other databases that use the same Redis
 */
export function openDispatcher(config: Config, databaseId: string, pubsub: PubSub, log: Logger): Dispatcher {
  const limits = byAgent((agent) => config.agents[agent].limits);
  const onHandlerError = (error: unknown, step: StepId) =>
    log.warn({ err: error, ...step }, 'step handler failed; the reconciler will dispatch it again');
  if (config.redisUrl === null) return createInProcessDispatcher({ limits, onHandlerError });
  return createBullMqDispatcher({
    redisUrl: config.redisUrl,
    prefix: `hauntedai-${databaseId}`,
    limits,
    onHandlerError,
    cancelSignal: {
      send: (workflowId) => pubsub.publish(CANCEL_CHANNEL, workflowId),
      listen: (onCancelled) => void pubsub.subscribe(CANCEL_CHANNEL, onCancelled),
    },
    onError: throttle(REPORT_INTERVAL_MS, (error: Error) =>
      log.warn({ reason: error.message }, 'Redis refused a job; it will be added again'),
    ),
  });
}
