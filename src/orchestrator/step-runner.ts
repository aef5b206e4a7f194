import { cleanFailure, createAgentCall } from './agent-call.ts';
import { dispatchCalls } from './dispatch-calls.ts';
import { agentInput } from './domain/agent-input.ts';
import { type AgentName, agentAfter } from './domain/agents.ts';
import { cleanText } from './domain/clean-text.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { createLineWriter } from './line-writer.ts';
import type { AgentOutcome, CallAgent, Dispatcher, Place, PublishLines, StepHandler, StepRef } from './ports.ts';
import { createRunningCalls, type RunningCall, type RunningCalls } from './running-calls.ts';
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
  /** As a dispatcher's handler does. Without effect when the step is not to be taken. */
  run: StepHandler['run'];
  calls: RunningCalls;
};

/** A step that is ours to work on. */
type Held = { lease: Lease; place: Place };

/**
 * One attempt of a step, from taking its lease to saving its outcome; the transaction that saves it takes the next step
 * too, if this process goes on. What protects it: every write names the lease, so a worker that lost it (paused for
 * long, cancelled) changes nothing. What a death leaves behind, another worker takes over under the same attempt number.
 */
export function createStepRunner(deps: StepRunnerDeps): StepRunner {
  const { store, dispatcher, publish, policy, whenAvailable, now = () => performance.now() } = deps;
  const calls = createRunningCalls();

  async function run(step: StepRef, place: Place): Promise<number | null> {
    const leave = calls.attend(step.workflowId);
    try {
      const taken = await take(step);
      if (taken === null || 'dueInMs' in taken) return taken?.dueInMs ?? null;
      for (let held: Held | null = { lease: taken, place }; held !== null; ) held = await attempt(held);
      return null;
    } finally {
      leave();
    }
  }

  async function take(step: StepRef): Promise<Lease | { dueInMs: number } | null> {
    const taken = await store.change(step, (view) => transitions.take(view, step.agent, deps.worker(), policy));
    if (taken === null) return null;
    if (taken.type === 'skipped') return taken.reason === 'not_ours' ? null : taken.reason;
    await committed(taken);
    return taken.lease;
  }

  /** @returns the next step, when it was taken along. */
  async function attempt({ lease, place }: Held): Promise<Held | null> {
    const call = calls.begin(lease);
    const following = agentAfter(lease.agent);
    let next: Place | null = null;
    try {
      const ended = await makeCall(lease, call);
      next = following && place.next(following);
      const saved = await save(lease, ended, next === null ? null : following, call.signal);
      if (saved === null || next === null) return null;
      const held = { lease: saved, place: next };
      next = null;
      return held;
    } catch (error) {
      // Cancelled or taken over: the step is no longer ours, and giving it back changes nothing. Stopped: another
      // worker makes the call again at once. Anything else is a defect of ours, and the step must not hang for it.
      if (await deps.leases.release(lease).catch(() => false)) {
        dispatcher.dispatch({ workflowId: lease.workflowId, agent: lease.agent, leaseNumber: lease.number }, 0);
      }
      if (!call.signal.aborted) throw error;
      return null;
    } finally {
      call.end();
      place.leave();
      next?.leave();
    }
  }

  async function save(
    lease: Lease,
    ended: transitions.EndedAttempt,
    goOnWith: AgentName | null,
    signal: AbortSignal,
  ): Promise<Lease | null> {
    const write = (attempt: transitions.EndedAttempt) =>
      whenAvailable(
        () => store.change(lease, (view) => transitions.end(view, lease, attempt, policy, goOnWith)),
        signal,
      );
    const saved = await write(ended).catch((error: unknown) => {
      // A result that Postgres refuses (nested too deep, say) is a failed attempt, not a call to be made for ever.
      if (signal.aborted || ended.outcome.type === 'failed') throw error;
      return write({ ...ended, outcome: unhandledAnswer(error) });
    });
    if (saved?.type !== 'changed') return null;
    await committed(saved);
    return saved.lease;
  }

  async function makeCall(lease: Lease, { signal, lose }: RunningCall): Promise<transitions.EndedAttempt> {
    const { workflow, results } = await whenAvailable(() => deps.store.context(lease), signal);
    const { id, roomId, viewerId, userInput } = workflow;
    const input = agentInput(lease.agent, { roomId, userId: viewerId, userInput, results });
    const lines = createLineWriter(
      (batch) => whenAvailable(() => deps.appendAgentLines(lease, roomId, batch), signal),
      publish,
      lose,
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

  async function committed({ workflow, lines, decisions, leaseNumbers, viewerHasQueued }: Changed): Promise<void> {
    publish(lines);
    dispatchCalls(dispatcher, workflow.id, decisions, leaseNumbers);
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
