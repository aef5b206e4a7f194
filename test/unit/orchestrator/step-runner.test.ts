import { expect, test } from 'vitest';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { Slot } from '../../../src/orchestrator/ports/dispatch.ts';
import type { WorkflowStore } from '../../../src/orchestrator/ports/store.ts';
import { createStepRunner } from '../../../src/orchestrator/step-runner.ts';

const unused = {} as never;
const slot: Slot = { next: () => null, release: () => {} };

test('a worker whose Postgres does not answer lets go of the step, and a lease it may have got counts as orphaned', async () => {
  const unanswered: Partial<WorkflowStore> = { change: () => new Promise(() => {}) };
  const runner = createStepRunner({
    ...{ store: unanswered as WorkflowStore, leases: unused, appendAgentLines: unused, callAgent: unused },
    ...{ dispatcher: unused, publish: () => {}, promote: async () => {}, retryWhileUnavailable: unused },
    ...{ policy: DEFAULT_RETRY_POLICY, worker: () => ({ id: 'me', mayTakeOver: true }), seenAt: () => 0 },
    takeTimeoutMs: 1,
  });
  await expect(runner.run({ workflowId: 'a', agent: 'story' }, slot)).rejects.toThrow('did not answer within 1 ms');
  const lease = { workflowId: 'a', agent: 'story', workerId: 'me', number: 1 } as const;
  expect(runner.calls.orphanedLeases([lease])).toEqual([lease]);
});
