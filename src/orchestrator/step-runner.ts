import { makeAttempt, unhandledAnswer } from './attempt.ts';
import { dispatchCalls } from './dispatch-calls.ts';
import { type AgentName, agentAfter } from './domain/agents.ts';
import { hasEnded } from './domain/chain.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { CallAgent } from './ports/agents.ts';
import type { Dispatcher, Slot, StepHandler, StepRef } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { AppendAgentLines, Changed, Lease, LeaseStore, WorkflowSnapshot, WorkflowStore } from './ports/store.ts';
import type { RetryWhileUnavailable } from './retry-while-unavailable.ts';
import { createRunningCalls, type RunningCalls } from './running-calls.ts';
import * as transitions from './transitions.ts';

export type StepRunnerDeps = {
  store: WorkflowStore;
  leases: LeaseStore;
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  dispatcher: Dispatcher;
  publish: PublishLines;
  promote: (viewerId: string) => Promise<void>;
  retryWhileUnavailable: RetryWhileUnavailable;
  policy: RetryPolicy;
  worker: () => transitions.Worker;
  /** When this worker last asked whether it lives and got the answer, in ms of `now`. */
  seenAt: () => number;
  /** Milliseconds from a monotonic clock. */
  now?: () => number;
  /** How long Postgres may take to answer a taking, in ms. @default 5000 */
  takeWithinMs?: number;
};

export type StepRunner = {
  /** As a dispatcher's handler does. Without effect when the step is not to be taken. */
  run: StepHandler['run'];
  calls: RunningCalls;
};

/** A step that is ours to work on. */
export type LeasedStep = {
  lease: Lease;
  place: Slot;
  /** The workflow as the taking left it, `takenAt` so many ms of the monotonic clock. */
  snapshot: WorkflowSnapshot;
  takenAt: number;
  /** When the taking was asked for. */
  askedAt: number;
  /** `seq` of the room's last line. */
  lastSeq: number;
};

/**
 * One attempt of a step, from taking its lease to saving its outcome; the change that saves it takes the next step too,
 * if this process goes on. What protects it: every write names the lease, so a worker that lost it (paused for long,
 * cancelled) changes nothing. What a death leaves behind, another worker takes over under the same attempt number.
 */
export function createStepRunner(deps: StepRunnerDeps): StepRunner {
  const { store, dispatcher, policy, retryWhileUnavailable, now = () => performance.now() } = deps;
  const calls = createRunningCalls();

  async function run(step: StepRef, place: Slot): Promise<number | null> {
    const leave = calls.track(step.workflowId);
    try {
      const askedAt = now();
      const taken = await inTime(take(step));
      if (taken === null || taken.type === 'skipped') return taken?.delayMs ?? null;
      for (let held = await committed(taken, place, askedAt); held !== null; ) held = await attempt(held);
      return null;
    } finally {
      leave();
    }
  }

  /**
   * A step is not kept from others by a process whose Postgres does not answer. A taking that is saved all the same is
   * one that nobody works under: the heartbeat gives it back.
   */
  async function inTime<T>(taking: Promise<T>): Promise<T> {
    const withinMs = deps.takeWithinMs ?? 5_000;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`Postgres did not answer within ${withinMs} ms`)), withinMs);
    return await Promise.race([taking, late]).finally(() => clearTimeout(timer));
  }

  async function take(step: StepRef): Promise<Changed | { type: 'skipped'; delayMs: number } | null> {
    const target = { ...step, withResults: true };
    const taken = await store.change(target, (snapshot) =>
      transitions.takeStep(snapshot, step.agent, deps.worker(), policy),
    );
    if (taken?.type !== 'skipped') return taken;
    return taken.reason === 'not_ours' ? null : { type: 'skipped', delayMs: taken.reason.delayMs };
  }

  /** @returns the next step, when it was taken along. */
  async function attempt(held: LeasedStep): Promise<LeasedStep | null> {
    const { lease, place } = held;
    const call = calls.begin(lease);
    let next: Slot | null = null;
    let goesOn = false;
    try {
      const { ended, writeLines } = await makeAttempt(held, call, { ...deps, now });
      const following = agentAfter(lease.agent);
      next = following && place.next(following);
      const askedAt = now();
      const saved = await save(held, ended, writeLines, next && following, call.signal);
      const taken = saved && (await committed(saved, next ?? place, askedAt));
      goesOn = taken !== null;
      return taken;
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
      place.release();
      if (!goesOn) next?.release();
    }
  }

  async function save(
    held: LeasedStep,
    ended: transitions.EndedAttempt,
    writeLines: () => Promise<void>,
    goOnWith: AgentName | null,
    signal: AbortSignal,
  ): Promise<Changed | null> {
    const write = (attempt: transitions.EndedAttempt) =>
      retryWhileUnavailable(() => {
        const known = { ...held.snapshot, elapsedMs: held.snapshot.elapsedMs + now() - held.takenAt };
        const decide = (snapshot: WorkflowSnapshot) =>
          transitions.saveOutcome(snapshot, held.lease, attempt, policy, goOnWith);
        return store.change({ ...held.lease, withResults: true }, decide, known);
      }, signal);

    const saved = await write(ended).catch(async (error: unknown) => {
      if (signal.aborted) throw error;
      // What Postgres refuses is one of the lines, which are written by themselves then, or the result (nested too
      // deep, say): that is a failed attempt, not a call to be made for ever.
      await writeLines();
      const alone = { ...ended, lines: [] };
      return await write(alone).catch((refusal: unknown) => {
        if (signal.aborted || ended.outcome.type === 'failed') throw refusal;
        return write({ ...alone, outcome: unhandledAnswer(refusal) });
      });
    });
    return saved?.type === 'changed' ? saved : null;
  }

  /** @returns the step that the change took, if any. */
  async function committed(changed: Changed, place: Slot, askedAt: number): Promise<LeasedStep | null> {
    const { workflow, lines, decisions, lease, leaseNumbers, snapshot } = changed;
    deps.publish(lines);
    dispatchCalls(dispatcher, workflow.id, decisions, leaseNumbers);
    if (hasEnded(decisions)) await deps.promote(workflow.viewerId);
    return lease && { lease, place, snapshot, askedAt, takenAt: now(), lastSeq: lines.at(-1)?.seq ?? 0 };
  }

  return { run, calls };
}
