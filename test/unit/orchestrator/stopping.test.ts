import { describe, expect, test } from 'vitest';
import { createInProcessDispatcher } from '../../../src/dispatch/in-process-dispatcher.ts';
import { byAgent } from '../../../src/orchestrator/domain/agents.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { LeaseStore, WorkflowStore } from '../../../src/orchestrator/ports/store.ts';
import { createWorkflowEngine } from '../../../src/orchestrator/workflow-engine.ts';
import { fake, unexpectedCall } from '../../support/fake.ts';

/** A database that answers the first heartbeat and hangs when the reconciler reads. */
function hungLeases(): { leases: LeaseStore; reading: Promise<void> } {
  const { promise: reading, resolve } = Promise.withResolvers<void>();
  const leases = fake<LeaseStore>('leases', {
    renew: async () => [],
    forgetDead: async () => {},
    findOverdue: () => {
      resolve();
      return new Promise(() => {});
    },
  });
  return { leases, reading };
}

describe('stopping the engine', () => {
  test('the engine stops although Postgres does not answer, and takes no new step', async () => {
    const { leases, reading } = hungLeases();
    const dispatcher = createInProcessDispatcher({
      limits: byAgent(() => ({ concurrency: 1, globalConcurrency: null, ratePerMinute: null })),
      onHandlerError: () => {},
    });
    let isClosed = false;
    const engine = createWorkflowEngine({
      store: fake<WorkflowStore>('store'),
      appendAgentLines: unexpectedCall,
      saveOutput: unexpectedCall,
      publishOutput: unexpectedCall,
      callAgent: unexpectedCall,
      saveUsage: unexpectedCall,
      readSpentUsd: unexpectedCall,
      maxCostUsd: null,
      publish: () => {},
      leases,
      policy: DEFAULT_RETRY_POLICY,
      maxRunningPerViewer: 0,
      isSoleProcess: false,
      handOverTimeoutMs: 1,
      dispatcher: {
        ...dispatcher,
        async close() {
          isClosed = true;
          await dispatcher.close();
        },
      },
      isUnavailable: () => true,
      onError: () => {},
    });
    await engine.work();
    await reading;
    await expect(engine.stop(0)).resolves.toBeUndefined();
    // The dispatcher closed although the reconciler still waits for the database.
    expect(isClosed).toBe(true);
  });
});
