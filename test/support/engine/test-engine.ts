import { createAgentClient } from '../../../src/agents/agent-client.ts';
import { createAgentLogWriter } from '../../../src/db/agent-log-writer.ts';
import type { Database } from '../../../src/db/client.ts';
import { createLeaseStore } from '../../../src/db/lease-store.ts';
import { createOutputWriter } from '../../../src/db/output-writer.ts';
import { isUnavailable } from '../../../src/db/postgres-errors.ts';
import { createUsageStore } from '../../../src/db/usage-store.ts';
import { createWorkflowStore } from '../../../src/db/workflow-store.ts';
import { createInProcessDispatcher } from '../../../src/dispatch/in-process-dispatcher.ts';
import { type AgentName, byAgent } from '../../../src/orchestrator/domain/agents.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { RetryPolicy } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { PublishedOutput } from '../../../src/orchestrator/ports/output.ts';
import {
  createWorkflowEngine,
  type WorkflowEngine,
  type WorkflowEngineDeps,
} from '../../../src/orchestrator/workflow-engine.ts';

/** Short waits. The exact schedule is tested by `test/unit/orchestrator/domain/chain.test.ts`. */
const QUICK_RETRIES: RetryPolicy = { maxAttempts: 3, initialDelayMs: 20, multiplier: 2, maxDelayMs: 1_000 };

export type TestEngineOptions = {
  urls: Record<AgentName, string>;
  timeoutMs?: number;
  policy?: RetryPolicy;
  maxRunningPerViewer?: number;
  maxCostUsd?: number;
  isSoleProcess?: boolean;
  concurrency?: number;
  /** Wraps the engine's dependencies, for instance to crash the process at a chosen point. */
  wrap?: (deps: WorkflowEngineDeps) => WorkflowEngineDeps;
};

/** The workflow engine with a real database and real agents, without a server. */
export function createTestEngine(
  database: Database,
  { urls, timeoutMs = 20_000, concurrency = 50, wrap = (deps) => deps, ...options }: TestEngineOptions,
): WorkflowEngine & { published: LogLine[]; outputs: PublishedOutput[]; failures: unknown[] } {
  const published: LogLine[] = [];
  const outputs: PublishedOutput[] = [];
  const failures: unknown[] = [];
  const agent = (name: AgentName) => ({ url: urls[name], timeoutMs });
  const engine = createWorkflowEngine(
    wrap({
      store: createWorkflowStore(database.db),
      leases: createLeaseStore(database.db),
      appendAgentLines: createAgentLogWriter(database.db),
      saveOutput: createOutputWriter(database.db),
      callAgent: createAgentClient({
        agents: byAgent(agent),
      }),
      ...createUsageStore(database.db),
      maxCostUsd: options.maxCostUsd ?? null,
      dispatcher: createInProcessDispatcher({
        limits: byAgent(() => ({ concurrency, globalConcurrency: null, ratePerMinute: null })),
        onHandlerError: (error) => failures.push(error),
      }),
      publish: (lines) => published.push(...lines),
      publishOutput: (_roomId, output) => outputs.push(output),
      policy: options.policy ?? QUICK_RETRIES,
      maxRunningPerViewer: options.maxRunningPerViewer ?? 0,
      isSoleProcess: options.isSoleProcess ?? true,
      isUnavailable,
      onError: (_what, error) => failures.push(error),
      reconcileMs: 200,
    }),
  );
  return { ...engine, published, outputs, failures };
}
