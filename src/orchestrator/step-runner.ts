import { type LeasedStep, makeAttempt } from './attempt.ts';
import { type BudgetDeps, refuseOverBudget } from './budget.ts';
import { dispatchCalls } from './dispatch-calls.ts';
import { agentAfter } from './domain/agents.ts';
import { hasEnded } from './domain/chain.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { CallAgent } from './ports/call-agent.ts';
import type { Dispatcher, Slot, StepHandler, StepId } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { EngineObserver } from './ports/observer.ts';
import type { PublishOutput, SaveOutput } from './ports/output.ts';
import type { AppendAgentLines, Changed, Lease, LeaseStore, WorkflowStore } from './ports/store.ts';
import type { SaveUsage } from './ports/usage.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import { createRunningCalls, type RunningCall, type RunningCalls } from './running-calls.ts';
import { saveOutcome } from './save-outcome.ts';
import * as transitions from './transitions.ts';

export type StepRunnerDeps = BudgetDeps & {
  store: WorkflowStore;
  leases: LeaseStore;
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  saveUsage: SaveUsage;
  dispatcher: Dispatcher;
  publish: PublishLines;
  saveOutput: SaveOutput;
  publishOutput: PublishOutput;
  observer: EngineObserver;
  promote: (viewerId: string) => Promise<void>;
  retryWhileUnavailable: RetryWhileUnavailable;
  policy: RetryPolicy;
  worker: () => transitions.Worker;
  /** When a heartbeat was sent whose answer confirmed the lease of this call, in ms of `now`; -Infinity: none was. */
  confirmedAt: (order: number) => number;
  /** Milliseconds from a monotonic clock. @default performance.now */
  now?: () => number;
  /** How long Postgres may take to answer the taking of a step, in ms. @default 5000 */
  takeTimeoutMs?: number;
};

export type StepRunner = {
  /** A dispatcher's handler. Has no effect when the step is not to be taken. */
  run: StepHandler['run'];
  calls: RunningCalls;
};

/** A step that was taken, and the slot for calling its agent. */
type TakenStep = { step: LeasedStep; slot: Slot };

/**
 * Takes a step, makes one attempt and saves its outcome; then continues with the next agent's step while that agent has a
 * free slot here. Every write names the lease, so a worker that lost it (paused for long, cancelled) changes nothing.
 * What a worker leaves behind when it dies, another takes over under the same attempt number.
 */
export function createStepRunner(deps: StepRunnerDeps): StepRunner {
  const { store, dispatcher, policy, observer, now = () => performance.now(), takeTimeoutMs = 5_000 } = deps;
  const calls = createRunningCalls();

  async function run(ref: StepId, slot: Slot): Promise<number | null> {
    const untrack = calls.track(ref.workflowId);
    try {
      const requestedAt = now();
      const taken = await withTimeout(take(ref), takeTimeoutMs);
      if (taken.type === 'notTaken') return taken.delayMs;
      const step = await afterCommit(taken, requestedAt);
      let next: TakenStep | null = step && { step, slot };
      while (next !== null) next = await attempt(next);
      return null;
    } finally {
      untrack();
    }
  }

  async function take(ref: StepId): Promise<Changed | { type: 'notTaken'; delayMs: number | null }> {
    let waitedMs: number | null = null;
    const taken = await store.change({ ...ref, withResults: true }, (snapshot) => {
      const isRepeated = snapshot.chain.steps[ref.agent].status === 'running';
      waitedMs = isRepeated ? null : snapshot.leases[ref.agent].waitedMs;
      return transitions.takeStep(snapshot, ref.agent, deps.worker(), policy);
    });
    if (taken?.type === 'changed') {
      if (waitedMs !== null) observer.waited(ref.agent, 'queue', waitedMs);
      return taken;
    }
    const reason = taken?.reason ?? 'not_ours';
    return { type: 'notTaken', delayMs: reason === 'not_ours' ? null : reason.delayMs };
  }

  /** @returns the next step, when the change that saved the outcome took it. */
  async function attempt({ step, slot }: TakenStep): Promise<TakenStep | null> {
    const call = calls.begin(step.lease);
    try {
      return await callAndSave(step, slot, call);
    } catch (error) {
      const reason = call.abortReason();
      if (reason === 'leaseLost') observer.leaseLost();
      // Cancelling a workflow clears its leases: there is nothing to release.
      if (reason !== 'cancelled') await releaseStep(step.lease);
      // Not aborted, so this is a bug or an error of the database: the dispatcher reports it.
      if (reason === null) throw error;
      return null;
    } finally {
      call.end();
      slot.release();
    }
  }

  async function callAndSave(step: LeasedStep, slot: Slot, call: RunningCall): Promise<TakenStep | null> {
    const { ended, writeLines } =
      (await refuseOverBudget(step, call.signal, deps)) ?? (await makeAttempt(step, call, { ...deps, now }));
    const nextAgent = agentAfter(step.lease.agent);
    const nextSlot = nextAgent && slot.next(nextAgent);
    let nextStep: LeasedStep | null = null;
    try {
      const requestedAt = now();
      const saved = await saveOutcome(step, ended, writeLines, nextSlot && nextAgent, call.signal, { ...deps, now });
      nextStep = saved && (await afterCommit(saved, requestedAt));
      if (nextStep !== null) observer.waited(nextStep.lease.agent, 'queue', 0);
      const isUseful = saved !== null && ended.outcome.type === 'succeeded';
      if (ended.usage !== null) observer.used(step.lease.agent, ended.usage, isUseful);
      return nextStep && nextSlot && { step: nextStep, slot: nextSlot };
    } finally {
      if (nextStep === null) nextSlot?.release();
    }
  }

  /** Lets another worker repeat the call at once, under the same attempt number, if the lease is still held here. */
  async function releaseStep(lease: Lease): Promise<void> {
    const wasHeld = await deps.leases.release(lease).catch(() => false);
    const { workflowId, agent, number } = lease;
    if (wasHeld) dispatcher.dispatch({ workflowId, agent, leaseNumber: number }, 0);
  }

  /** @returns the step that the change took, if any. */
  async function afterCommit(changed: Changed, requestedAt: number): Promise<LeasedStep | null> {
    const { workflow, lines, decisions, lease, leaseNumbers, snapshot } = changed;
    deps.publish(lines);
    dispatchCalls(dispatcher, workflow.id, decisions, leaseNumbers);
    if (hasEnded(decisions)) await deps.promote(workflow.viewerId);
    return lease && { lease, snapshot, requestedAt, takenAt: now(), lastSeq: lines.at(-1)?.seq ?? 0 };
  }

  return { run, calls };
}

/**
 * A process whose Postgres does not answer must not keep the step from others. Should the taking be committed all the
 * same, nobody works under its lease, and the heartbeat releases it.
 */
async function withTimeout<T>(taking: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Postgres did not answer within ${timeoutMs} ms`)), timeoutMs);
  return await Promise.race([taking, timedOut]).finally(() => clearTimeout(timer));
}
