import { AGENT_NAMES, type AgentName } from '../orchestrator/domain/agents.ts';
import type { Dispatcher, HandleStep, Place, StepRef } from '../orchestrator/ports.ts';

/** A wait above this is left to the reconciler, which reads it from Postgres. */
const LONGEST_TIMER_MS = 60 * 60 * 1_000;

/**
 * Hands steps to a handler in this process: each agent's in order, so many at once. Waits are timers for promptness
 * only; what is kept of them is in Postgres.
 */
export function createInProcessDispatcher(options: {
  /** Calls at once, an agent. */
  concurrency: Record<AgentName, number>;
  /** Told of a handler that failed; the step stays with the reconciler. */
  failed: (error: unknown, step: StepRef) => void;
}): Dispatcher {
  /** By agent, in order of arrival; under the workflow's id, so that one dispatched twice is handled once. */
  const waiting: Record<AgentName, Map<string, StepRef>> = byAgent(() => new Map());
  const taken: Record<AgentName, number> = byAgent(() => 0);
  const timers = new Map<NodeJS.Timeout, StepRef>();
  const handling = new Set<Promise<void>>();
  let handler: HandleStep | null = null;
  let closed = false;

  function enqueue(step: StepRef): void {
    waiting[step.agent].set(step.workflowId, step);
    pump(step.agent);
  }

  function pump(agent: AgentName): void {
    for (const [workflowId, step] of waiting[agent]) {
      if (handler === null || closed || taken[agent] >= options.concurrency[agent]) return;
      waiting[agent].delete(workflowId);
      const place = takePlace(agent);
      const handled = handler(step, place)
        .catch((error: unknown) => options.failed(error, step))
        .finally(() => {
          handling.delete(handled);
          place.leave();
        });
      handling.add(handled);
    }
  }

  function takePlace(agent: AgentName): Place {
    let left = false;
    taken[agent] += 1;
    return {
      // Those who wait came first.
      next: (following) =>
        closed || waiting[following].size > 0 || taken[following] >= options.concurrency[following]
          ? null
          : takePlace(following),
      leave() {
        if (left) return;
        left = true;
        taken[agent] -= 1;
        pump(agent);
      },
    };
  }

  return {
    dispatch(step, delayMs) {
      if (closed || delayMs > LONGEST_TIMER_MS) return;
      if (delayMs <= 0) return enqueue(step);
      const timer = setTimeout(() => {
        timers.delete(timer);
        enqueue(step);
      }, delayMs);
      timers.set(timer, step);
    },
    cancel(workflowId) {
      for (const [timer, step] of timers) {
        if (step.workflowId !== workflowId) continue;
        clearTimeout(timer);
        timers.delete(timer);
      }
      for (const agent of AGENT_NAMES) waiting[agent].delete(workflowId);
    },
    start(handle) {
      handler = handle;
      for (const agent of AGENT_NAMES) pump(agent);
    },
    async close() {
      closed = true;
      for (const timer of timers.keys()) clearTimeout(timer);
      timers.clear();
      for (const agent of AGENT_NAMES) waiting[agent].clear();
      await Promise.all(handling);
    },
  };
}

function byAgent<T>(make: () => T): Record<AgentName, T> {
  return { story: make(), asset: make(), code: make(), deploy: make() };
}
