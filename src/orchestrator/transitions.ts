import { createChange, type Outcome } from './change.ts';
import { type AgentInput, announcedDeployment } from './domain/agent-input.ts';
import { AGENT_NAMES, type AgentName } from './domain/agents.ts';
import { type Advance, advance, type ChainEvent, type ChainState, initialChain } from './domain/chain.ts';
import { type EventDetails, eventLines } from './domain/event-lines.ts';
import { REDISPATCH_DELAY_MS } from './domain/liveness.ts';
import type { NewLogLine } from './domain/log-line.ts';
import { workflowQueued } from './domain/log-messages.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import type { Usage } from './domain/usage.ts';
import { isWorkflowFinished } from './domain/workflow.ts';
import type { AgentOutcome } from './ports/call-agent.ts';
import type { Admission, Change, Creation, Lease, NewWorkflow, Verdict, WorkflowSnapshot } from './ports/store.ts';
import { RequestError, roomNotFound, workflowAlreadyRunning } from './request-error.ts';

/*
 * What each event does to a workflow: the chain's decision, the log lines, and what is to be written. Pure. The store
 * writes what these return if the workflow is still as it was read, and calls them again if it is not.
 */

export type Worker = {
  id: string;
  /** False for a while after an outage of Postgres: nobody could renew a lease, so nobody is presumed dead. */
  mayTakeOver: boolean;
};

/** An attempt that ended, what the agent was sent, and the agent's lines that are not yet in the log. */
export type EndedAttempt = {
  outcome: AgentOutcome;
  durationMs: number;
  input: AgentInput;
  lines: readonly NewLogLine[];
  /** What it consumed, as far as the agent reported; null: it reported nothing. */
  usage: Usage | null;
};

/** Why a step was not taken: its wait is not over, or it is not this worker's to take. */
export type NotTaken = { delayMs: number } | 'not_ours';

/**
 * A new workflow, running or queued.
 * @param maxRunning running workflows of one viewer beyond which further ones are queued; 0: no limit.
 * @throws {RequestError} ROOM_NOT_FOUND, WORKFLOW_ALREADY_RUNNING
 */
export function create(
  admission: Admission,
  { room, retry }: Pick<NewWorkflow, 'room' | 'retry'>,
  { policy, maxRunning }: { policy: RetryPolicy; maxRunning: number },
): Creation {
  if (room.type === 'existing' && !admission.isRoomFound) throw roomNotFound();
  if (admission.unfinishedInRoom !== null) throw workflowAlreadyRunning(admission.unfinishedInRoom);
  const queued = initialChain(retry?.from);
  // Queued workflows count too: those that came earlier start first, even between an end and the promotion after it.
  const isQueued = maxRunning > 0 && admission.unfinished >= maxRunning;
  const { state, decisions, lines } = isQueued
    ? { state: queued, decisions: [], lines: [workflowQueued(admission.running)] }
    : applyEvent(queued, { type: 'started' }, policy, { retryOf: retry?.workflowId ?? null });
  const first = decisions.find((decision) => decision.type === 'call')?.agent;
  const isKept = (agent: AgentName) => state.steps[agent].status === 'succeeded';
  return {
    chain: state,
    decisions,
    lines,
    starts: !isQueued,
    room: { status: 'running', error: null },
    keptSteps: AGENT_NAMES.filter(isKept),
    newSteps: AGENT_NAMES.filter((agent) => !isKept(agent)).map((agent) => ({
      agent,
      redispatchDelayMs: agent === first ? REDISPATCH_DELAY_MS : null,
    })),
  };
}

/** A queued workflow starts to run. */
export function startQueued(snapshot: WorkflowSnapshot, policy: RetryPolicy): Change {
  const { retryOfId } = snapshot.workflow;
  return createChange(snapshot, applyEvent(snapshot.chain, { type: 'started' }, policy, { retryOf: retryOfId }));
}

/** A step may be taken when it is ready and pending, waiting and due, handed over, or held by a dead worker. */
export function takeStep(
  snapshot: WorkflowSnapshot,
  agent: AgentName,
  worker: Worker,
  policy: RetryPolicy,
): Verdict<NotTaken> {
  const { status } = snapshot.chain.steps[agent];
  const lease = snapshot.leases[agent];
  if (snapshot.chain.status !== 'running' || !lease.isReady) return { type: 'skip', reason: 'not_ours' };
  const takenStep = { agent, workerId: worker.id };
  if (status !== 'running') {
    if (lease.delayMs > 0) return { type: 'skip', reason: { delayMs: lease.delayMs } };
    const started = applyEvent(snapshot.chain, { type: 'attemptStarted', agent }, policy);
    return { type: 'change', change: createChange(snapshot, { ...started, takenStep }) };
  }
  const interruption = lease.leaseWorkerId === null ? 'handedOver' : 'interrupted';
  // After an outage or a pause a worker may find itself not seen for long; that is no reason to repeat its own call.
  const isOwn = lease.leaseWorkerId === worker.id;
  if (interruption === 'interrupted' && (isOwn || lease.isWorkerAlive || !worker.mayTakeOver)) {
    return { type: 'skip', reason: 'not_ours' };
  }
  const repeated = applyEvent(snapshot.chain, { type: 'attemptStarted', agent, interruption }, policy);
  const { attempt, status: statusAfter, failure } = repeated.state.steps[agent];
  if (statusAfter !== 'failed') return { type: 'change', change: createChange(snapshot, { ...repeated, takenStep }) };
  const endedAttempt = { agent, attempt, failure };
  return { type: 'change', change: createChange(snapshot, { ...repeated, endedAttempt }) };
}

/**
 * The attempt under a lease ended. Skipped when the lease is no longer held: the step was taken over or cancelled.
 * @param continueWith the agent that the lease's worker can call next: if its step is due, the same change takes it.
 */
export function endAttempt(
  snapshot: WorkflowSnapshot,
  lease: Lease,
  ended: EndedAttempt,
  policy: RetryPolicy,
  continueWith: AgentName | null = null,
): Verdict<'lost'> {
  const { leaseWorkerId, leaseNumber } = snapshot.leases[lease.agent];
  if (leaseWorkerId !== lease.workerId || leaseNumber !== lease.number) return { type: 'skip', reason: 'lost' };
  const saved = afterAttempt(snapshot.chain, lease, ended, policy);
  const outcome = continueWith === null ? saved : takeNext(saved, continueWith, lease.workerId, policy);
  return { type: 'change', change: createChange(snapshot, outcome) };
}

function afterAttempt(
  chain: ChainState,
  lease: Lease,
  { outcome, durationMs, input, lines }: EndedAttempt,
  policy: RetryPolicy,
): Outcome {
  const { agent } = lease;
  const { attempt } = chain.steps[agent];
  if (outcome.type === 'failed') {
    const { failure } = outcome;
    const after = applyEvent(chain, { type: 'attemptFailed', agent, failure }, policy, { durationMs });
    return { ...after, lease, endedAttempt: { agent, attempt, failure }, lines: [...lines, ...after.lines] };
  }
  const event: ChainEvent = { type: 'attemptSucceeded', agent };
  const after = advance(chain, event, policy);
  const deployment = announcedDeployment(after.decisions, input, outcome.result);
  return {
    ...after,
    lease,
    deployment,
    endedAttempt: { agent, attempt, failure: null },
    result: { agent, result: outcome.result },
    lines: [...lines, ...eventLines(event, after, { maxAttempts: policy.maxAttempts, durationMs, deployment })],
  };
}

/** Takes the step that is due now, for the worker that continues. A step that has to wait is left to the dispatcher. */
function takeNext(outcome: Outcome, agent: AgentName, workerId: string, policy: RetryPolicy): Outcome {
  const next = outcome.decisions.find((decision) => decision.type === 'call');
  if (next?.agent !== agent || next.delayMs > 0) return outcome;
  const started = applyEvent(outcome.state, { type: 'attemptStarted', agent }, policy);
  return {
    ...outcome,
    state: started.state,
    decisions: outcome.decisions.filter((decision) => decision !== next),
    lines: [...outcome.lines, ...started.lines],
    takenStep: { agent, workerId },
  };
}

/** @throws {RequestError} WORKFLOW_FINISHED, unless it was cancelled before: then it is returned as it is. */
export function cancel(snapshot: WorkflowSnapshot, policy: RetryPolicy): Verdict<'cancelled_before'> {
  const { status } = snapshot.chain;
  if (status === 'cancelled') return { type: 'skip', reason: 'cancelled_before' };
  if (isWorkflowFinished(status)) throw new RequestError('WORKFLOW_FINISHED', `The workflow has already ${status}.`);
  return { type: 'change', change: createChange(snapshot, applyEvent(snapshot.chain, { type: 'cancelled' }, policy)) };
}

/** Advances the chain, with the lines about the event. */
function applyEvent(
  chain: ChainState,
  event: ChainEvent,
  policy: RetryPolicy,
  details: Omit<EventDetails, 'maxAttempts'> = {},
): Advance & { lines: NewLogLine[] } {
  const after = advance(chain, event, policy);
  return { ...after, lines: eventLines(event, after, { maxAttempts: policy.maxAttempts, ...details }) };
}
