import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createBullMqDispatcher } from '../../../src/dispatch/bullmq-dispatcher.ts';
import { createInProcessDispatcher } from '../../../src/dispatch/in-process-dispatcher.ts';
import { byAgent } from '../../../src/orchestrator/domain/agents.ts';
import type { AgentLimits } from '../../../src/orchestrator/ports/call-agent.ts';
import type { Dispatcher, StepId } from '../../../src/orchestrator/ports/dispatch.ts';
import { createRedisPubSub } from '../../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../../src/redis/pubsub-connections.ts';

/** Dispatchers that share their work, as the processes of one service do. They are closed at the end of the test. */
export type DispatcherGroup = {
  create(limits?: Partial<AgentLimits>): Dispatcher;
  failures: (StepId & { error: unknown })[];
  /** The prefix of the keys in Redis. */
  prefix: string;
};

const UNLIMITED: AgentLimits = { concurrency: 50, globalConcurrency: null, ratePerMinute: null };

export function inProcessDispatchers(): DispatcherGroup {
  return dispatcherGroup('', (limits, onHandlerError) => ({
    dispatcher: createInProcessDispatcher({ limits, onHandlerError }),
    end: async () => {},
  }));
}

export function bullMqDispatchers(redisUrl: string): DispatcherGroup {
  const prefix = `test-${randomUUID()}`;
  return dispatcherGroup(prefix, (limits, onHandlerError) => {
    const pubsub = createRedisPubSub(
      openPubSubConnections(redisUrl, () => {}),
      () => {},
    );
    const dispatcher = createBullMqDispatcher({
      redisUrl,
      prefix,
      limits,
      onHandlerError,
      cancelSignal: {
        send: (workflowId) => pubsub.publish(`${prefix}:cancelled`, workflowId),
        listen: (onCancelled) => void pubsub.subscribe(`${prefix}:cancelled`, onCancelled),
      },
      onError: () => {},
    });
    return { dispatcher, end: () => pubsub.close() };
  });
}

function dispatcherGroup(
  prefix: string,
  make: (
    limits: Record<StepId['agent'], AgentLimits>,
    onHandlerError: (error: unknown, step: StepId) => void,
  ) => { dispatcher: Dispatcher; end: () => Promise<void> },
): DispatcherGroup {
  const made: ReturnType<typeof make>[] = [];
  const failures: DispatcherGroup['failures'] = [];
  onTestFinished(async () => {
    await Promise.all(made.map(({ dispatcher }) => dispatcher.close()));
    await Promise.all(made.map(({ end }) => end()));
  });
  return {
    failures,
    prefix,
    create(limits = {}) {
      const created = make(
        byAgent(() => ({ ...UNLIMITED, ...limits })),
        (error, step) => failures.push({ error, ...step }),
      );
      made.push(created);
      return created.dispatcher;
    },
  };
}
