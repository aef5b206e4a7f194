import { randomUUID } from 'node:crypto';
import { createAgentLogWriter } from '../../src/db/agent-log-writer.ts';
import { connectDb } from '../../src/db/client.ts';
import { createLeaseStore } from '../../src/db/lease-store.ts';
import { createOutputWriter } from '../../src/db/output-writer.ts';
import { isUnavailable } from '../../src/db/postgres-errors.ts';
import { createUsageStore } from '../../src/db/usage-store.ts';
import { createWorkflowStore } from '../../src/db/workflow-store.ts';
import { createBullMqDispatcher } from '../../src/dispatch/bullmq-dispatcher.ts';
import { createInProcessDispatcher } from '../../src/dispatch/in-process-dispatcher.ts';
import { createPublishOutput } from '../../src/logs/output/output-codec.ts';
import { createPublishLines } from '../../src/logs/publish-lines.ts';
import { byAgent } from '../../src/orchestrator/domain/agents.ts';
import type { LogLine } from '../../src/orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../../src/orchestrator/domain/log-messages.ts';
import { DEFAULT_RETRY_POLICY } from '../../src/orchestrator/domain/retry-policy.ts';
import type { Dispatcher } from '../../src/orchestrator/ports/dispatch.ts';
import type { PubSub } from '../../src/orchestrator/ports/pubsub.ts';
import { createWorkflowEngine } from '../../src/orchestrator/workflow-engine.ts';
import { createInProcessPubSub } from '../../src/pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from '../../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../../src/redis/pubsub-connections.ts';
import { createHttpAgents, USER_INPUT } from './bare-chain.ts';
import type { Contestant, StartContestant, Surroundings } from './contestant.ts';

/* The product's engine with its adapters, as app.ts composes it, without the API. */

export const startEmbeddedProduct: StartContestant = async (surroundings) =>
  await startProduct(surroundings, createInProcessPubSub(), () =>
    createInProcessDispatcher({ limits: limitsOf(surroundings), onHandlerError: report }),
  );

export const startProductWithRedis: StartContestant = async (surroundings) => {
  const { redisUrl } = surroundings;
  return await startProduct(
    surroundings,
    createRedisPubSub(openPubSubConnections(redisUrl, report), report),
    (pubsub) =>
      createBullMqDispatcher({
        redisUrl,
        prefix: `bench-${randomUUID()}`,
        limits: limitsOf(surroundings),
        cancelSignal: {
          send: (workflowId) => pubsub.publish('cancelled', workflowId),
          listen: (heard) => void pubsub.subscribe('cancelled', heard),
        },
        onHandlerError: report,
        onError: report,
      }),
  );
};

const limitsOf = ({ atOnce }: Surroundings) =>
  byAgent(() => ({ concurrency: atOnce, globalConcurrency: null, ratePerMinute: null }));

async function startProduct(
  { databaseUrl, agentUrls }: Surroundings,
  pubsub: PubSub,
  createDispatcher: (pubsub: PubSub) => Dispatcher,
): Promise<Contestant> {
  const { db, close } = connectDb(databaseUrl, { maxConnections: 20 });
  const ends = new Map<string, (line: LogLine) => void>();
  const publish = createPublishLines(pubsub.publish);
  const engine = createWorkflowEngine({
    store: createWorkflowStore(db),
    leases: createLeaseStore(db),
    appendAgentLines: createAgentLogWriter(db),
    ...createUsageStore(db),
    maxCostUsd: null,
    saveOutput: createOutputWriter(db),
    publishOutput: createPublishOutput(pubsub.publish),
    callAgent: createHttpAgents(agentUrls),
    dispatcher: createDispatcher(pubsub),
    publish(lines) {
      publish(lines);
      // The workflow's last line is published after its end is committed.
      const last = lines.at(-1);
      if (last?.metadata?.['event'] === FINISHED_EVENT) ends.get(last.workflowId)?.(last);
    },
    policy: DEFAULT_RETRY_POLICY,
    maxRunningPerViewer: 0,
    isSoleProcess: true,
    isUnavailable,
    onError: (_what, error) => report(error),
  });
  await engine.work();

  return {
    async runWorkflow(viewerId) {
      const { workflow } = await engine.service.start(viewerId, { userInput: USER_INPUT });
      const { promise, resolve } = Promise.withResolvers<LogLine>();
      ends.set(workflow.id, resolve);
      const { metadata } = await promise;
      ends.delete(workflow.id);
      if (metadata?.['status'] !== 'succeeded') throw new Error(`a workflow ended with ${metadata?.['status']}`);
    },
    async close() {
      await engine.stop(5_000);
      await pubsub.close();
      await close();
    },
  };
}

function report(error: unknown): void {
  console.error(error);
}
