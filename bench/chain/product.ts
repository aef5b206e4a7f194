import { createAgentClient } from '../../src/agents/agent-client.ts';
import { connectDb } from '../../src/db/client.ts';
import { isUnavailable } from '../../src/db/errors.ts';
import { createLeaseStore } from '../../src/db/lease-store.ts';
import { createAgentLog } from '../../src/db/log-store.ts';
import { createWorkflowStore } from '../../src/db/workflow-store.ts';
import { createInProcessDispatcher } from '../../src/dispatch/in-process.ts';
import { createPublishLines } from '../../src/logs/publish-lines.ts';
import { type AgentName, DEFAULT_AGENT_TIMEOUTS_MS } from '../../src/orchestrator/domain/agents.ts';
import type { LogLine } from '../../src/orchestrator/domain/log-line.ts';
import { FINISHED_EVENT } from '../../src/orchestrator/domain/narration.ts';
import { DEFAULT_RETRY_POLICY } from '../../src/orchestrator/domain/retry-policy.ts';
import { createWorkflowEngine } from '../../src/orchestrator/workflow-engine.ts';
import { createInProcessPubSub } from '../../src/pubsub/in-process.ts';
import type { Contestant, Surroundings } from './contestant.ts';

/** The product's engine with its in-process adapters, as app.ts composes it, without the API in front. */
export async function startEmbeddedProduct({ databaseUrl, agentUrls, atOnce }: Surroundings): Promise<Contestant> {
  const database = connectDb(databaseUrl, { maxConnections: 20 });
  const { db } = database;
  const pubsub = createInProcessPubSub();
  const ends = new Map<string, (line: LogLine) => void>();
  const publish = createPublishLines(pubsub.publish);
  const engine = createWorkflowEngine({
    store: createWorkflowStore(db),
    leases: createLeaseStore(db),
    appendAgentLines: createAgentLog(db),
    callAgent: createAgentClient({
      agents: byAgent((agent) => ({ url: agentUrls[agent], timeoutMs: DEFAULT_AGENT_TIMEOUTS_MS[agent] })),
    }),
    dispatcher: createInProcessDispatcher({
      limits: byAgent(() => ({ concurrency: atOnce, globalConcurrency: null, ratePerMinute: null })),
      failed: report,
    }),
    publish(lines) {
      publish(lines);
      // A workflow's last line, told after commit, is its end.
      for (const line of lines) if (line.metadata?.['event'] === FINISHED_EVENT) ends.get(line.workflowId)?.(line);
    },
    policy: DEFAULT_RETRY_POLICY,
    maxRunningPerViewer: 0,
    alone: true,
    isUnavailable,
    failed: (_what, error) => report(error),
  });
  await engine.work();

  return {
    async runWorkflow(viewerId) {
      const { workflow } = await engine.service.start(viewerId, { userInput: 'a lighthouse that remembers' });
      const { promise, resolve } = Promise.withResolvers<LogLine>();
      ends.set(workflow.id, resolve);
      const { metadata } = await promise;
      ends.delete(workflow.id);
      if (metadata?.['status'] !== 'succeeded') throw new Error(`a workflow ended with ${metadata?.['status']}`);
    },
    async close() {
      await engine.stop(5_000);
      await pubsub.close();
      await database.close();
    },
  };
}

function report(error: unknown): void {
  console.error(error);
}

function byAgent<T>(make: (agent: AgentName) => T): Record<AgentName, T> {
  return { story: make('story'), asset: make('asset'), code: make('code'), deploy: make('deploy') };
}
