import { describe, expect, test } from 'vitest';
import type { Lease } from '../../../src/orchestrator/ports/store.ts';
import { createRunningCalls } from '../../../src/orchestrator/running-calls.ts';

const lease = (workflowId: string): Lease => ({ workflowId, agent: 'story', workerId: 'me', number: 1 });

describe('a running call', () => {
  test('a call knows whether it was cancelled, lost its lease or is stopped by a shutdown', () => {
    const calls = createRunningCalls();
    const [cancelled, lost, distrusted, stopped] = ['a', 'b', 'c', 'd'].map((id) => calls.begin(lease(id)));
    expect(cancelled?.abortReason()).toBeNull();
    calls.abort('a');
    distrusted?.loseLease();
    calls.keepOnly([lease('d')], calls.begun());
    calls.abortAll();
    const reasons = [cancelled, lost, distrusted, stopped].map((call) => call?.abortReason());
    expect(reasons).toEqual(['cancelled', 'leaseLost', 'leaseLost', 'shutdown']);
    expect(calls.begin(lease('e')).abortReason()).toBe('shutdown');
  });

  test('a call that begins after its workflow was cancelled is aborted at once', () => {
    const calls = createRunningCalls();
    const untrack = calls.track('a');
    calls.abort('a');
    expect(calls.begin(lease('a')).abortReason()).toBe('cancelled');
    untrack();
    expect(calls.begin(lease('a')).abortReason()).toBeNull();
  });

  test('a call that begins while the database is asked for the held leases is kept', () => {
    const calls = createRunningCalls();
    const since = calls.begun();
    const call = calls.begin(lease('a'));
    calls.keepOnly([], since);
    expect(call.abortReason()).toBeNull();
  });
});
