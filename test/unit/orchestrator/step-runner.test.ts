import { describe, expect, test } from 'vitest';
import { initialChain } from '../../../src/orchestrator/domain/chain.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/orchestrator/domain/retry-policy.ts';
import type { CallAgent } from '../../../src/orchestrator/ports/call-agent.ts';
import type { Dispatcher, ReadyStep, Slot } from '../../../src/orchestrator/ports/dispatch.ts';
import { NO_OBSERVER } from '../../../src/orchestrator/ports/observer.ts';
import type {
  Changed,
  Lease,
  LeaseStore,
  WorkflowSnapshot,
  WorkflowStore,
} from '../../../src/orchestrator/ports/store.ts';
import { createStepRunner } from '../../../src/orchestrator/step-runner.ts';
import { fake, unexpectedCall } from '../../support/fake.ts';

const STEP = { workflowId: 'a', agent: 'story' } as const;
const LEASE: Lease = { ...STEP, workerId: 'me', number: 1 };

/** A runner whose step is taken, and whose call of the agent is `callAgent`. */
function runnerWith(change: () => Promise<Partial<Changed>>, callAgent: CallAgent = unexpectedCall) {
  const released: Lease[] = [];
  const dispatched: ReadyStep[] = [];
  let slotsReleased = 0;
  const store = fake<WorkflowStore>('store', { change: async () => (await change()) as Changed });
  const leases = fake<LeaseStore>('leases', {
    release: async (lease) => {
      released.push(lease);
      return true;
    },
  });
  const dispatcher = fake<Dispatcher>('dispatcher', { dispatch: (step) => dispatched.push(step) });
  const slot: Slot = {
    next: () => null,
    release: () => {
      slotsReleased += 1;
    },
  };
  const runner = createStepRunner({
    store,
    leases,
    dispatcher,
    callAgent,
    saveUsage: unexpectedCall,
    readSpentUsd: unexpectedCall,
    maxCostUsd: null,
    publish: () => {},
    saveOutput: unexpectedCall,
    publishOutput: unexpectedCall,
    observer: NO_OBSERVER,
    promote: async () => {},
    appendAgentLines: async () => [],
    retryWhileUnavailable: (work) => work(),
    policy: DEFAULT_RETRY_POLICY,
    takeTimeoutMs: 100,
    worker: () => ({ id: 'me', mayTakeOver: true }),
    confirmedAt: () => performance.now(),
  });
  return { ...runner, slot, released, dispatched, slotsReleased: () => slotsReleased };
}

const snapshot = {
  workflow: { id: STEP.workflowId, roomId: 'room', viewerId: 'local', userInput: 'a lamp' },
  chain: initialChain(),
  elapsedMs: 0,
  results: {},
} as WorkflowSnapshot;
const taken = async (): Promise<Partial<Changed>> => ({
  type: 'changed',
  workflow: snapshot.workflow,
  lines: [],
  decisions: [],
  lease: LEASE,
  snapshot,
});
const untilAborted: CallAgent = (_call, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a step runner', () => {
  test('a worker whose Postgres does not answer releases the step, and a lease it may have got counts as orphaned', async () => {
    const { run, calls, slot } = runnerWith(() => new Promise(() => {}));
    await expect(run(STEP, slot)).rejects.toThrow('did not answer within 100 ms');
    expect(calls.orphanedLeases([LEASE])).toEqual([LEASE]);
  });

  test('a call that a shutdown aborts is given back and dispatched again, and its slot is released', async () => {
    const runner = runnerWith(taken, untilAborted);
    const running = runner.run(STEP, runner.slot);
    await expect.poll(() => runner.calls.begun()).toBe(1);
    runner.calls.abortAll();
    expect(await running).toBeNull();
    expect(runner.released).toEqual([LEASE]);
    expect(runner.dispatched).toEqual([{ ...STEP, leaseNumber: 1 }]);
    expect(runner.slotsReleased()).toBe(1);
  });

  test('a call of a cancelled workflow is aborted without giving its lease back, since cancelling has cleared it', async () => {
    const runner = runnerWith(taken, untilAborted);
    const running = runner.run(STEP, runner.slot);
    await expect.poll(() => runner.calls.begun()).toBe(1);
    runner.calls.abort(STEP.workflowId);
    expect(await running).toBeNull();
    expect(runner.released).toEqual([]);
    expect(runner.slotsReleased()).toBe(1);
  });

  test('an error that no abort explains is thrown after the step is released, so that another worker can take it', async () => {
    let changes = 0;
    const runner = runnerWith(
      async () => {
        changes += 1;
        if (changes > 1) throw new Error('a bug');
        return await taken();
      },
      async () => ({ type: 'failed', failure: { code: 'TIMEOUT', message: 'no response', final: false } }),
    );
    await expect(runner.run(STEP, runner.slot)).rejects.toThrow('a bug');
    expect(runner.released).toEqual([LEASE]);
    expect(runner.slotsReleased()).toBe(1);
  });
});
