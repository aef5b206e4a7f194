import { type AgentName, byAgent } from './domain/agents.ts';
import type { Lease } from './ports/store.ts';

/** Why a call was aborted. `shutdown`: this process stops, and another worker repeats the call. */
export type AbortReason = 'cancelled' | 'leaseLost' | 'shutdown';

/** What the signal of an aborted call has as its reason. */
class CallAborted extends Error {
  override readonly name = 'CallAborted';
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(MESSAGES[reason]);
    this.reason = reason;
  }
}

const MESSAGES: Record<AbortReason, string> = {
  cancelled: 'the workflow was cancelled',
  leaseLost: 'the lease was lost: the step was cancelled or taken over',
  shutdown: 'the process is shutting down',
};

export type RunningCall = {
  signal: AbortSignal;
  /** How many calls had begun with this one: see `begun`. */
  order: number;
  /** Null unless the call was aborted. */
  abortReason(): AbortReason | null;
  /** Aborts the call, because another worker holds the lease or may hold it. */
  loseLease(): void;
  end(): void;
};

export type RunningCalls = {
  /**
   * Marks a workflow as worked on by this process. Call before asking for a lease: leases of this process whose
   * workflow is not tracked are orphaned, and the heartbeat releases them.
   * @returns ends the tracking.
   */
  track(workflowId: string): () => void;
  begin(lease: Lease): RunningCall;
  /** Aborts the calls of a cancelled workflow, including one that is about to begin. */
  abort(workflowId: string): void;
  /**
   * Aborts every call whose lease is not among those still held.
   * @param since what `begun` returned before the database was asked for the held leases.
   */
  keepOnly(held: readonly Lease[], since: number): void;
  /** Leases that no tracked workflow has: the step was taken, but the answer never arrived here. */
  orphanedLeases(held: readonly Lease[]): Lease[];
  /** Aborts every call, and any that begins later: this process is shutting down. */
  abortAll(): void;
  /** How many calls have begun so far. */
  begun(): number;
  countByAgent(): Record<AgentName, number>;
};

/** The calls in progress in this process. A room has one unfinished workflow, which runs one step at a time. */
export function createRunningCalls(): RunningCalls {
  const running = new Map<string, { lease: Lease; controller: AbortController; order: number }>();
  const tracked = new Map<string, { count: number; isCancelled: boolean }>();
  let begun = 0;
  let isShuttingDown = false;

  const abortWhere = (reason: AbortReason, matches: (lease: Lease, order: number) => boolean) => {
    for (const { lease, controller, order } of running.values()) {
      if (matches(lease, order)) controller.abort(new CallAborted(reason));
    }
  };

  return {
    track(workflowId) {
      const entry = tracked.get(workflowId) ?? { count: 0, isCancelled: false };
      tracked.set(workflowId, entry);
      entry.count += 1;
      return () => {
        entry.count -= 1;
        if (entry.count === 0) tracked.delete(workflowId);
      };
    },
    begin(lease) {
      const key = keyOf(lease);
      const controller = new AbortController();
      const { signal } = controller;
      begun += 1;
      running.set(key, { lease, controller, order: begun });
      if (isShuttingDown) controller.abort(new CallAborted('shutdown'));
      if (tracked.get(lease.workflowId)?.isCancelled) controller.abort(new CallAborted('cancelled'));
      return {
        signal,
        order: begun,
        abortReason: () => (signal.reason instanceof CallAborted ? signal.reason.reason : null),
        loseLease: () => controller.abort(new CallAborted('leaseLost')),
        end: () => running.delete(key),
      };
    },
    abort(workflowId) {
      const entry = tracked.get(workflowId);
      if (entry !== undefined) entry.isCancelled = true;
      abortWhere('cancelled', (lease) => lease.workflowId === workflowId);
    },
    keepOnly(held, since) {
      const kept = new Set(held.map(keyOf));
      // A lease that began after the database was asked cannot be in its answer.
      abortWhere('leaseLost', (lease, order) => order <= since && !kept.has(keyOf(lease)));
    },
    orphanedLeases: (held) => held.filter(({ workflowId }) => !tracked.has(workflowId)),
    abortAll() {
      isShuttingDown = true;
      abortWhere('shutdown', () => true);
    },
    begun: () => begun,
    countByAgent() {
      const counts = byAgent(() => 0);
      for (const { lease } of running.values()) counts[lease.agent] += 1;
      return counts;
    },
  };
}

function keyOf({ workflowId, agent, number }: Lease): string {
  return `${workflowId}:${agent}:${number}`;
}
