import type { StepRef } from './ports.ts';
import type { Lease } from './write-ports.ts';

export type RunningCalls = {
  /**
   * A step is being worked on, from before its lease is asked for: a lease of this process that belongs to no such
   * step is `unattended`.
   * @returns ends that.
   */
  attend(step: StepRef): () => void;
  begin(lease: Lease): { signal: AbortSignal; end(): void };
  /** Closes the calls of a workflow: it was cancelled. */
  abort(workflowId: string): void;
  /** Closes every call whose lease is not among those still held. */
  keepOnly(held: readonly Lease[], since: number): void;
  /** Leases that nobody in this process works under: their taking was saved, but the answer never came. */
  unattended(held: readonly Lease[]): Lease[];
  /** Closes all, and each that is begun from now on: the process stops, and others take over. */
  abortAll(): void;
  /** How many leases were begun so far: what `keepOnly` compares with. */
  begun(): number;
  size(): number;
};

const STOPPING = 'the process is stopping';

/** The calls that this process has under way. A room has one unfinished workflow, and that one step at a time. */
export function createRunningCalls(): RunningCalls {
  const running = new Map<string, { lease: Lease; controller: AbortController; order: number }>();
  const attended = new Set<StepRef>();
  let begun = 0;
  let stopped = false;

  const close = (reason: string, isMeant: (lease: Lease, order: number) => boolean) => {
    for (const { lease, controller, order } of running.values()) {
      if (isMeant(lease, order)) controller.abort(new Error(reason));
    }
  };

  return {
    attend({ workflowId, agent }) {
      // An object of its own: a step that is dispatched twice is attended to twice.
      const step = { workflowId, agent };
      attended.add(step);
      return () => attended.delete(step);
    },
    begin(lease) {
      const key = `${lease.workflowId}:${lease.agent}:${lease.number}`;
      const controller = new AbortController();
      begun += 1;
      running.set(key, { lease, controller, order: begun });
      if (stopped) controller.abort(new Error(STOPPING));
      return { signal: controller.signal, end: () => running.delete(key) };
    },
    abort: (workflowId) => close('the workflow was cancelled', (lease) => lease.workflowId === workflowId),
    keepOnly(held, since) {
      const kept = new Set(held.map(({ workflowId, agent, number }) => `${workflowId}:${agent}:${number}`));
      // A lease begun after the question was asked cannot be in the answer.
      close(
        'the step was cancelled or taken over',
        ({ workflowId, agent, number }, order) => order <= since && !kept.has(`${workflowId}:${agent}:${number}`),
      );
    },
    unattended(held) {
      const steps = new Set([...attended].map(({ workflowId, agent }) => `${workflowId}:${agent}`));
      return held.filter(({ workflowId, agent }) => !steps.has(`${workflowId}:${agent}`));
    },
    abortAll() {
      stopped = true;
      close(STOPPING, () => true);
    },
    begun: () => begun,
    size: () => running.size,
  };
}
