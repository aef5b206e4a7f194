import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/agents.ts';
import type { Dispatcher, StepHandler, StepRef } from '../orchestrator/ports/dispatch.ts';
import { createAgentQueue } from './agent-queue.ts';
import { placeOf } from './slot.ts';

/** A wait above this is left to the reconciler, which reads it from Postgres. */
const LONGEST_TIMER_MS = 60 * 60 * 1_000;

/**
 * Hands steps to a handler in this process: each agent's in order, within its limits. Waits are timers for promptness
 * only; what is kept of them is in Postgres.
 */
export function createInProcessDispatcher(options: {
  limits: Record<AgentName, AgentLimits>;
  /** Told of a handler that failed; the step stays with the reconciler. */
  failed: (error: unknown, step: StepRef) => void;
}): Dispatcher {
  const timers = new Map<NodeJS.Timeout, StepRef>();
  const handling = new Set<Promise<void>>();
  const queues = byAgent((agent) => createAgentQueue(options.limits[agent]));
  let handler: StepHandler | null = null;
  let closed = false;

  function dispatch(step: StepRef, delayMs: number): void {
    if (closed || delayMs > LONGEST_TIMER_MS) return;
    const add = () => queues[step.agent].add(step.workflowId);
    if (delayMs <= 0) {
      add();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      add();
    }, delayMs);
    timers.set(timer, step);
  }

  async function handle({ run }: StepHandler, step: StepRef): Promise<void> {
    const place = placeOf(queues, step.agent);
    try {
      const againInMs = await run(step, place);
      if (againInMs !== null) dispatch(step, againInMs);
    } catch (error) {
      options.failed(error, step);
    } finally {
      place.release();
    }
  }

  return {
    dispatch,
    cancel(workflowId) {
      handler?.cancelled(workflowId);
      for (const [timer, step] of timers) {
        if (step.workflowId !== workflowId) continue;
        clearTimeout(timer);
        timers.delete(timer);
      }
      for (const queue of Object.values(queues)) queue.remove(workflowId);
    },
    start(given) {
      handler = given;
      for (const agent of AGENT_NAMES) {
        queues[agent].start((workflowId) => {
          const handled = handle(given, { workflowId, agent }).finally(() => handling.delete(handled));
          handling.add(handled);
        });
      }
    },
    async close() {
      closed = true;
      for (const timer of timers.keys()) clearTimeout(timer);
      timers.clear();
      for (const queue of Object.values(queues)) queue.close();
      await Promise.all(handling);
    },
  };
}
