import type { AgentLimits } from '../orchestrator/ports/agents.ts';

const MINUTE_MS = 60_000;

/** Workflows that wait for one agent in this process, in order of arrival, and how many of them it may serve now. */
export type AgentQueue = {
  /** One that waits already keeps its place in the row. */
  add(workflowId: string): void;
  remove(workflowId: string): void;
  /** From now on those who wait are served; each holds a place until `leave`. */
  start(serve: (workflowId: string) => void): void;
  /** A place for somebody who did not wait: only when there is one, and nobody waits for it. */
  tryPlace(): boolean;
  leave(): void;
  /** Serves nobody any more. */
  close(): void;
};

export function createAgentQueue({ concurrency, globalConcurrency, ratePerMinute }: AgentLimits): AgentQueue {
  const places = Math.min(concurrency, globalConcurrency ?? concurrency);
  const waiting = new Set<string>();
  /** When the calls of the last minute began, oldest first; kept only where the rate is limited. */
  const begun: number[] = [];
  let serve: ((workflowId: string) => void) | null = null;
  let taken = 0;
  let later: NodeJS.Timeout | undefined;

  function pump(): void {
    for (const workflowId of waiting) {
      if (serve === null || !takePlace()) return;
      waiting.delete(workflowId);
      serve(workflowId);
    }
  }

  function takePlace(): boolean {
    if (taken >= places || !mayBegin()) return false;
    taken += 1;
    return true;
  }

  function mayBegin(): boolean {
    if (ratePerMinute === null) return true;
    const now = performance.now();
    while (begun[0] !== undefined && begun[0] <= now - MINUTE_MS) begun.shift();
    const [oldest] = begun;
    if (oldest === undefined || begun.length < ratePerMinute) {
      begun.push(now);
      return true;
    }
    clearTimeout(later);
    later = setTimeout(pump, oldest + MINUTE_MS - now);
    return false;
  }

  return {
    add(workflowId) {
      waiting.add(workflowId);
      pump();
    },
    remove: (workflowId) => void waiting.delete(workflowId),
    start(given) {
      serve = given;
      pump();
    },
    tryPlace: () => serve !== null && waiting.size === 0 && takePlace(),
    leave() {
      taken -= 1;
      pump();
    },
    close() {
      serve = null;
      clearTimeout(later);
      waiting.clear();
    },
  };
}
