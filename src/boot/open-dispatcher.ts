import type { Logger } from 'pino';
import type { Config } from '../config/parse-config.ts';
import { createBullMqDispatcher } from '../dispatch/bullmq-dispatcher.ts';
import { createInProcessDispatcher } from '../dispatch/in-process-dispatcher.ts';
import { byAgent } from '../orchestrator/domain/agents.ts';
import type { Dispatcher, StepId } from '../orchestrator/ports/dispatch.ts';
import { CANCEL_CHANNEL } from '../redis/names.ts';
import type { OpenPubSub } from './open-pubsub.ts';

/**
 * Processes that use the same Redis share the work. Without Redis, all of it stays in this process.
 * @param prefix keeps the jobs apart from those of other databases that use the same Redis
 */
export function openDispatcher(config: Config, prefix: string, { pubsub, redis }: OpenPubSub, log: Logger): Dispatcher {
  const limits = byAgent((agent) => config.agents[agent].limits);
  const onHandlerError = (error: unknown, step: StepId) =>
    log.warn({ err: error, ...step }, 'step handler failed; the reconciler will dispatch it again');
  if (config.redisUrl === null || redis === null) return createInProcessDispatcher({ limits, onHandlerError });
  return createBullMqDispatcher({
    redisUrl: config.redisUrl,
    prefix,
    limits,
    onHandlerError,
    cancelSignal: {
      send: (workflowId) => pubsub.publish(CANCEL_CHANNEL, workflowId),
      listen: (onCancelled) => void pubsub.subscribe(CANCEL_CHANNEL, onCancelled),
    },
    onError: redis.watch.failed,
  });
}
