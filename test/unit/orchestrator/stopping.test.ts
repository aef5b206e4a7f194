import { describe, expect, test } from 'vitest';
import { createInProcessDispatcher } from '../../../src/dispatch/in-process-dispatcher.ts';
import { byAgent } from '../../../src/orchestrator/domain/agents.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { LeaseStore } from '../../../src/orchestrator/ports/store.ts';
import { createWorkflowEngine } from '../../../src/orchestrator/workflow-engine.ts';

const absent = {} as never;

/** A database that answers the first heartbeat, and then nothing more. */
function hungLeases(): { leases: LeaseStore; asked: Promise<void> } {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const leases = {
    renew: async () => [],
    forgetDead: async () => {},
    due: () => {
      resolve();
      return new Promise(() => {});
    },
  } as unknown as LeaseStore;
  return { leases, asked };
}

describe('a service that is told to stop', () => {
  test('while Postgres does not answer ends all the same', async () => {
    const { leases, asked } = hungLeases();
    const dispatcher = createInProcessDispatcher({
      limits: byAgent(() => ({ concurrency: 1, globalConcurrency: null, ratePerMinute: null })),
      failed: () => {},
    });
    let closed = false;
    const engine = createWorkflowEngine({
      ...{ store: absent, appendAgentLines: absent, callAgent: absent, publish: () => {} },
      ...{ leases, policy: DEFAULT_RETRY_POLICY, maxRunningPerViewer: 0, isSoleProcess: false, handOverWithinMs: 1 },
      dispatcher: {
        ...dispatcher,
        async close() {
          closed = true;
          await dispatcher.close();
        },
      },
      isUnavailable: () => true,
      failed: () => {},
    });
    await engine.work();
    await asked;
    await expect(engine.stop(0)).resolves.toBeUndefined();
    // No new work is begun, though a look for some never ended.
    expect(closed).toBe(true);
  });
});
