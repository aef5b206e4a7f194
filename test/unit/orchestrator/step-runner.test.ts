import { expect, test } from 'vitest';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { Slot } from '../../../src/orchestrator/ports/dispatch.ts';
import type { WorkflowStore } from '../../../src/orchestrator/ports/store.ts';
import { createStepRunner } from '../../../src/orchestrator/step-runner.ts';

const absent = {} as never;
const place: Slot = { next: () => null, release: () => {} };

test('a step is let go by a worker whose Postgres does not answer, and a lease that it may have got is unattended', async () => {
  const store = { change: () => new Promise(() => {}) } as unknown as WorkflowStore;
  const runner = createStepRunner({
    ...{ store, leases: absent, appendAgentLines: absent, callAgent: absent, dispatcher: absent },
    ...{ publish: () => {}, promote: async () => {}, retryWhileUnavailable: absent, policy: DEFAULT_RETRY_POLICY },
    ...{ worker: () => ({ id: 'me', mayTakeOver: true }), seenAt: () => 0, takeWithinMs: 1 },
  });
  await expect(runner.run({ workflowId: 'a', agent: 'story' }, place)).rejects.toThrow('did not answer within 1 ms');
  const lease = { workflowId: 'a', agent: 'story', workerId: 'me', number: 1 } as const;
  expect(runner.calls.orphanedLeases([lease])).toEqual([lease]);
});
