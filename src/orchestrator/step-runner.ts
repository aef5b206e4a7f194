import { cleanFailure, createAgentCall } from './agent-call.ts';
import { dispatchCalls } from './dispatch-calls.ts';
import { agentInput } from './domain/agent-input.ts';
import { cleanText } from './domain/clean-text.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { createLineWriter } from './line-writer.ts';
import type { AgentOutcome, CallAgent, Dispatcher, PublishLines, StepRef } from './ports.ts';
import { createRunningCalls, type RunningCalls } from './running-calls.ts';
import * as transitions from './transitions.ts';
import type { WhenAvailable } from './when-available.ts';
import type { AppendAgentLines, Changed, Lease, LeaseStore, WorkflowStore } from './write-ports.ts';

export type StepRunnerDeps = {
  store: WorkflowStore;
  leases: LeaseStore;
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  dispatcher: Dispatcher;
  publish: PublishLines;
  promote: (viewerId: string) => Promise<void>;
  whenAvailable: WhenAvailable;
  policy: RetryPolicy;
  worker: () => transitions.Worker;
  /** Milliseconds from a monotonic clock. */
  now?: () => number;
};

export type StepRunner = {
  /** Takes the step and makes one attempt. Without effect when the step is not to be taken. */
  run(step: StepRef): Promise<void>;
  calls: RunningCalls;
};

/**
 * One attempt of a step, from taking its lease to saving its outcome. What protects it: every write names the lease,
 * so a worker that lost it (paused for long, cancelled) changes nothing. What a death leaves behind, another worker
 * takes over under the same attempt number.
 */
export function createStepRunner(deps: StepRunnerDeps): StepRunner {
  const { store, dispatcher, publish, policy, whenAvailable, now = () => performance.now() } = deps;
  const calls = createRunningCalls();

  async function run(step: StepRef): Promise<void> {
    const leave = calls.attend(step);
    try {
      await takeAndCall(step);
    } finally {
      leave();
    }
  }

  async function takeAndCall(step: StepRef): Promise<void> {
    const taken = await store.change(step, (view) => transitions.take(view, step.agent, deps.worker(), policy));
    if (taken === null) return;
    if (taken.type === 'skipped') {
      if (taken.reason !== 'not_ours') dispatcher.dispatch(step, taken.reason.dueInMs);
      return;
    }
    await committed(taken);
    if (taken.lease !== null) await attempt(taken.lease);
  }

  async function attempt(lease: Lease): Promise<void> {
    const call = calls.begin(lease);
    try {
      const ended = await makeCall(lease, call.signal);
      await save(lease, ended, call.signal);
    } catch (error) {
      // Cancelled or taken over: the step is no longer ours, and giving it back changes nothing. Stopped: another
      // worker makes the call again at once. Anything else is a defect of ours, and the step must not hang for it.
      await deps.leases.release(lease).catch(() => {});
      if (!call.signal.aborted) throw error;
    } finally {
      call.end();
    }
  }

  async function save(lease: Lease, ended: transitions.EndedAttempt, signal: AbortSignal): Promise<void> {
    const write = (attempt: transitions.EndedAttempt) =>
      whenAvailable(() => store.change(lease, (view) => transitions.end(view, lease, attempt, policy)), signal);
    const saved = await write(ended).catch((error: unknown) => {
      // A result that Postgres refuses (nested too deep, say) is a failed attempt, not a call to be made for ever.
      if (signal.aborted || ended.outcome.type === 'failed') throw error;
      return write({ ...ended, outcome: unhandledAnswer(error) });
    });
    if (saved?.type === 'changed') await committed(saved);
  }

  async function makeCall(lease: Lease, signal: AbortSignal): Promise<transitions.EndedAttempt> {
    const { workflow, results } = await whenAvailable(() => deps.store.context(lease), signal);
    const { id, roomId, viewerId, userInput } = workflow;
    const input = agentInput(lease.agent, { roomId, userId: viewerId, userInput, results });
    const lines = createLineWriter(
      (batch) => whenAvailable(() => deps.appendAgentLines(lease, roomId, batch), signal),
      publish,
      () => calls.abort(lease.workflowId),
    );
    const startedAt = now();
    const unhandled = (error: unknown): AgentOutcome => {
      signal.throwIfAborted();
      return unhandledAnswer(error);
    };
    const call = createAgentCall(id, lease.agent, input, lines.write);
    const outcome = await deps.callAgent(call, signal).catch(unhandled);
    const durationMs = Math.round(now() - startedAt);
    const unwritten = await lines.drain().catch(unhandled);
    return { outcome: cleaned(unwritten ?? outcome), durationMs, input };
  }

  async function committed({ workflow, lines, decisions, viewerHasQueued }: Changed): Promise<void> {
    publish(lines);
    dispatchCalls(dispatcher, workflow.id, decisions);
    if (viewerHasQueued) await deps.promote(workflow.viewerId);
  }

  return { run, calls };
}

function unhandledAnswer(error: unknown): AgentOutcome {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  const message = cleanText(`what the agent sent could not be kept: ${reason}`, 500);
  return { type: 'failed', failure: { code: 'BAD_RESPONSE', message, final: false } };
}

function cleaned(outcome: AgentOutcome): AgentOutcome {
  return outcome.type === 'succeeded' ? outcome : { type: 'failed', failure: cleanFailure(outcome.failure) };
}
