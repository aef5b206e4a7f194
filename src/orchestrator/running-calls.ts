import type { Lease } from './ports/store.ts';

export type RunningCall = {
  signal: AbortSignal;
  /** Closes the call: its lease is another's. */
  lose(): void;
  end(): void;
};

export type RunningCalls = {
  /**
   * A workflow is being worked on, from before a lease of it is asked for: a lease of this process that belongs to no
   * such workflow is `unattended`.
   * @returns ends that.
   */
  track(workflowId: string): () => void;
  begin(lease: Lease): RunningCall;
  /** Closes the calls of a workflow, also one that is only about to begin: it was cancelled. */
  abort(workflowId: string): void;
  /** Closes every call whose lease is not among those still held. */
  keepOnly(held: readonly Lease[], since: number): void;
  /** Leases that nobody in this process works under: their taking was saved, but the answer never came. */
  orphanedLeases(held: readonly Lease[]): Lease[];
  /** Closes all, and each that is begun from now on: the process stops, and others take over. */
  abortAll(): void;
  /** How many leases were begun so far: what `keepOnly` compares with. */
  begun(): number;
};

const STOPPING = 'the process is stopping';
const CANCELLED = 'the workflow was cancelled';
const LOST = 'the step was cancelled or taken over';

/** The calls that this process has under way. A room has one unfinished workflow, and that one step at a time. */
export function createRunningCalls(): RunningCalls {
  const running = new Map<string, { lease: Lease; controller: AbortController; order: number }>();
  const attended = new Map<string, { times: number; isCancelled: boolean }>();
  let begun = 0;
  let stopped = false;

  const close = (reason: string, isMeant: (lease: Lease, order: number) => boolean) => {
    for (const { lease, controller, order } of running.values()) {
      if (isMeant(lease, order)) controller.abort(new Error(reason));
    }
  };

  return {
    track(workflowId) {
      const attendance = attended.get(workflowId) ?? { times: 0, isCancelled: false };
      attended.set(workflowId, attendance);
      attendance.times += 1;
      return () => {
        attendance.times -= 1;
        if (attendance.times === 0) attended.delete(workflowId);
      };
    },
    begin(lease) {
      const key = keyOf(lease);
      const controller = new AbortController();
      begun += 1;
      running.set(key, { lease, controller, order: begun });
      if (stopped) controller.abort(new Error(STOPPING));
      if (attended.get(lease.workflowId)?.isCancelled) controller.abort(new Error(CANCELLED));
      return {
        signal: controller.signal,
        lose: () => controller.abort(new Error(LOST)),
        end: () => running.delete(key),
      };
    },
    abort(workflowId) {
      const attendance = attended.get(workflowId);
      if (attendance !== undefined) attendance.isCancelled = true;
      close(CANCELLED, (lease) => lease.workflowId === workflowId);
    },
    keepOnly(held, since) {
      const kept = new Set(held.map(keyOf));
      // A lease begun after the question was asked cannot be in the answer.
      close(LOST, (lease, order) => order <= since && !kept.has(keyOf(lease)));
    },
    orphanedLeases: (held) => held.filter(({ workflowId }) => !attended.has(workflowId)),
    abortAll() {
      stopped = true;
      close(STOPPING, () => true);
    },
    begun: () => begun,
  };
}

function keyOf({ workflowId, agent, number }: Lease): string {
  return `${workflowId}:${agent}:${number}`;
}
