import { type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { AgentLimits } from '../orchestrator/ports/call-agent.ts';
import type { Dispatcher, StepHandler, StepId } from '../orchestrator/ports/dispatch.ts';
import { createSlots, heldSlot } from './slots.ts';

/** Longer waits are left to the reconciler, which reads them from Postgres. */
const MAX_DELAY_MS = 60 * 60 * 1_000;

/**
 * Hands steps to a handler in this process: each agent's in order of arrival, within its limits. A wait is a timer, for
 * promptness only: Postgres has it too.
 */
export function createInProcessDispatcher(options: {
  limits: Record<AgentName, AgentLimits>;
  /** Called when the handler failed; the reconciler dispatches the step again. */
  onHandlerError: (error: unknown, step: StepId) => void;
}): Dispatcher {
  const slots = byAgent((agent) => {
    const { concurrency, globalConcurrency, ratePerMinute } = options.limits[agent];
    return createSlots({ concurrency: Math.min(concurrency, globalConcurrency ?? concurrency), ratePerMinute });
  });
  const timers = new Map<NodeJS.Timeout, StepId>();
  /** Steps that wait for a slot, in order of arrival. */
  const waiting = new Map<string, { step: StepId; removed: AbortController }>();
  const handling = new Set<Promise<void>>();
  let handler: StepHandler | null = null;
  let isClosed = false;

  function dispatch({ workflowId, agent }: StepId, delayMs: number): void {
    const step = { workflowId, agent };
    if (isClosed || delayMs > MAX_DELAY_MS) return;
    if (delayMs <= 0) {
      enqueue(step);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      enqueue(step);
    }, delayMs);
    timers.set(timer, step);
  }

  /** A step that waits already keeps its position. */
  function enqueue(step: StepId): void {
    if (waiting.has(keyOf(step))) return;
    const removed = new AbortController();
    waiting.set(keyOf(step), { step, removed });
    if (handler !== null) serve(handler, step, removed.signal);
  }

  function serve(given: StepHandler, step: StepId, removed: AbortSignal): void {
    const handled = handleWithSlot(given, step, removed).finally(() => handling.delete(handled));
    handling.add(handled);
  }

  async function handleWithSlot({ run }: StepHandler, step: StepId, removed: AbortSignal): Promise<void> {
    const isAcquired = await slots[step.agent].acquire({ signal: removed });
    // A removed step may have been dispatched again, and then it waits under the same key.
    if (waiting.get(keyOf(step))?.removed.signal === removed) waiting.delete(keyOf(step));
    if (!isAcquired) return;
    const slot = heldSlot(slots, step.agent);
    try {
      if (removed.aborted || isClosed) return;
      const delayMs = await run(step, slot);
      if (delayMs !== null) dispatch(step, delayMs);
    } catch (error) {
      options.onHandlerError(error, step);
    } finally {
      slot.release();
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
      for (const [key, { step, removed }] of waiting) {
        if (step.workflowId !== workflowId) continue;
        waiting.delete(key);
        removed.abort();
      }
    },
    start(given) {
      handler = given;
      for (const { step, removed } of waiting.values()) serve(given, step, removed.signal);
    },
    async close() {
      isClosed = true;
      for (const timer of timers.keys()) clearTimeout(timer);
      timers.clear();
      for (const agentSlots of Object.values(slots)) agentSlots.close();
      await Promise.all(handling);
    },
  };
}

function keyOf({ workflowId, agent }: StepId): string {
  return `${workflowId}:${agent}`;
}
