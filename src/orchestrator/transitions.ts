import type { AgentInput } from './domain/agent-input.ts';
import type { AgentName } from './domain/agents.ts';
import { type Advance, advance, type ChainEvent, type Decision, type Interruption } from './domain/chain.ts';
import type { NewLogLine } from './domain/log-line.ts';
import * as messages from './domain/log-messages.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { isWorkflowFinished, REWARD_AMOUNT } from './domain/workflow.ts';
import { RequestError } from './errors.ts';
import type { AgentOutcome } from './ports/agents.ts';
import type { Change, Lease, Verdict, WorkflowSnapshot } from './ports/store.ts';

/*
 * What each event makes of a workflow: the chain's decision and the lines that tell of it. Pure; the store runs these
 * under the workflow's lock and writes what they return.
 */

export type Worker = {
  id: string;
  /** False for a while after an outage of Postgres: the others could not renew either. */
  mayTakeOver: boolean;
};

/** An attempt that ended: how, after how long, what the agent had been sent, and its lines that are not yet in the log. */
export type EndedAttempt = {
  outcome: AgentOutcome;
  durationMs: number;
  input: AgentInput;
  lines: readonly NewLogLine[];
};

/** Why a step was not taken: it is somebody else's or nobody's turn, or its wait is not over. */
export type NotTaken = { delayMs: number } | 'not_ours';

/** A queued workflow's turn has come. */
export function startQueued(snapshot: WorkflowSnapshot, policy: RetryPolicy): Change {
  const after = advance(snapshot.chain, { type: 'started' }, policy);
  const first = after.decisions.find((decision) => decision.type === 'call')?.agent ?? 'story';
  return { ...after, lines: [messages.workflowStarted(first, snapshot.workflow.retryOfId)] };
}

/** A step may be taken when it is its turn and it is pending, waiting and due, handed over, or held by a dead worker. */
export function takeStep(
  snapshot: WorkflowSnapshot,
  agent: AgentName,
  worker: Worker,
  policy: RetryPolicy,
): Verdict<NotTaken> {
  const { status } = snapshot.chain.steps[agent];
  const hold = snapshot.leases[agent];
  if (snapshot.chain.status !== 'running' || !hold.isReady) return { type: 'skip', reason: 'not_ours' };
  if (status !== 'running') {
    if (hold.delayMs > 0) return { type: 'skip', reason: { delayMs: hold.delayMs } };
    const after = advance(snapshot.chain, { type: 'attemptStarted', agent }, policy);
    const line = messages.attemptStarted(agent, after.state.steps[agent].attempt, policy.maxAttempts);
    return { type: 'change', change: { ...after, lines: [line], taken: { agent, workerId: worker.id } } };
  }
  const again = hold.leaseWorkerId === null ? 'handedOver' : 'interrupted';
  // After an outage or a pause a worker may find itself not seen for long: that is no reason to call again.
  const isOwn = hold.leaseWorkerId === worker.id;
  if (again === 'interrupted' && (isOwn || hold.isWorkerAlive || !worker.mayTakeOver)) {
    return { type: 'skip', reason: 'not_ours' };
  }
  return { type: 'change', change: takeAgain(snapshot, agent, again, worker, policy) };
}

function takeAgain(
  snapshot: WorkflowSnapshot,
  agent: AgentName,
  again: Interruption,
  worker: Worker,
  policy: RetryPolicy,
): Change {
  const after = advance(snapshot.chain, { type: 'attemptStarted', agent, again }, policy);
  const { attempt, status, failure } = after.state.steps[agent];
  if (status === 'failed') {
    return { ...after, lines: outcomeLines(snapshot, after, agent, null), ended: { agent, attempt, failure } };
  }
  return { ...after, lines: [messages.attemptMadeAgain(agent, attempt, again)], taken: { agent, workerId: worker.id } };
}

/**
 * The attempt of a lease ended. Skipped when the lease is no longer held: the step was taken over or cancelled.
 * @param goOnWith the agent that the lease's worker may go on with: its step, if it is the next, is taken along.
 */
export function saveOutcome(
  snapshot: WorkflowSnapshot,
  lease: Lease,
  attempt: EndedAttempt,
  policy: RetryPolicy,
  goOnWith: AgentName | null = null,
): Verdict<'lost'> {
  const hold = snapshot.leases[lease.agent];
  if (hold.leaseWorkerId !== lease.workerId || hold.leaseNumber !== lease.number) {
    return { type: 'skip', reason: 'lost' };
  }
  const saved = afterAttempt(snapshot, lease.agent, attempt, policy);
  const change = { ...saved, under: lease, lines: [...attempt.lines, ...saved.lines] };
  return { type: 'change', change: goOnWith === null ? change : takeNext(change, goOnWith, lease.workerId, policy) };
}

function afterAttempt(
  snapshot: WorkflowSnapshot,
  agent: AgentName,
  { outcome, durationMs, input }: EndedAttempt,
  policy: RetryPolicy,
): Change {
  const failure = outcome.type === 'failed' ? outcome.failure : null;
  const event: ChainEvent =
    failure === null ? { type: 'attemptSucceeded', agent } : { type: 'attemptFailed', agent, failure };
  const after = advance(snapshot.chain, event, policy);
  const ended = { agent, attempt: snapshot.chain.steps[agent].attempt, failure };
  if (outcome.type === 'failed') {
    return { ...after, ended, lines: outcomeLines(snapshot, after, agent, durationMs) };
  }
  const deployment = after.decisions.some(({ type }) => type === 'announceDeployment')
    ? { deploymentUrl: String(outcome.result['deploymentUrl']), codeCid: cidOf(input) }
    : undefined;
  const lines = [
    messages.stepSucceeded(agent, ended.attempt, durationMs),
    ...(deployment === undefined ? [] : [messages.deploymentCompleted(deployment.deploymentUrl, deployment.codeCid)]),
    ...finishLines(snapshot, after),
  ];
  const result = { agent, result: outcome.result };
  return { ...after, ended, result, lines, ...(deployment && { deployment }) };
}

/** The call that was decided is taken at once, by the worker that goes on. A wait is nobody's to sit out. */
function takeNext(change: Change, agent: AgentName, workerId: string, policy: RetryPolicy): Change {
  const isNext = (decision: Decision) => decision.type === 'call' && decision.agent === agent && decision.delayMs === 0;
  if (!change.decisions.some(isNext)) return change;
  const { state } = advance(change.state, { type: 'attemptStarted', agent }, policy);
  const line = messages.attemptStarted(agent, state.steps[agent].attempt, policy.maxAttempts);
  return {
    ...change,
    state,
    decisions: change.decisions.filter((decision) => !isNext(decision)),
    lines: [...change.lines, line],
    taken: { agent, workerId },
  };
}

/** The code that was deployed; null when DeployAgent published without it. */
const cidOf = ({ codeCid }: AgentInput) => (typeof codeCid === 'string' ? codeCid : null);

/** @throws {RequestError} WORKFLOW_FINISHED, unless it was cancelled before: then it is returned as it is. */
export function cancel(snapshot: WorkflowSnapshot, policy: RetryPolicy): Verdict<'cancelled_before'> {
  const { status } = snapshot.chain;
  if (status === 'cancelled') return { type: 'skip', reason: 'cancelled_before' };
  if (isWorkflowFinished(status)) {
    throw new RequestError('WORKFLOW_FINISHED', `The workflow has ${status} already.`);
  }
  const after = advance(snapshot.chain, { type: 'cancelled' }, policy);
  return { type: 'change', change: { ...after, lines: finishLines(snapshot, after) } };
}

/** `durationMs` is null for an attempt whose process died. */
function outcomeLines(
  snapshot: WorkflowSnapshot,
  after: Advance,
  agent: AgentName,
  durationMs: number | null,
): NewLogLine[] {
  const { attempt } = snapshot.chain.steps[agent];
  const { failure } = after.state.steps[agent];
  if (failure === null) throw new Error('a failed attempt without its failure');
  const failed = after.decisions.find((decision) => decision.type === 'failStep');
  if (failed !== undefined) {
    return [messages.stepFailed(agent, attempt, failure, durationMs, failed.next), ...finishLines(snapshot, after)];
  }
  const retry = after.decisions.find((decision) => decision.type === 'call');
  return [messages.attemptFailed(agent, attempt, failure, durationMs ?? 0, retry?.delayMs ?? 0)];
}

/** The room's status and the reward are written in the same transaction as these. */
function finishLines(snapshot: WorkflowSnapshot, after: Advance): NewLogLine[] {
  const finish = after.decisions.find((decision) => decision.type === 'finish');
  if (finish === undefined) return [];
  const closing = messages.workflowFinished(after.state, finish.status, snapshot.elapsedMs);
  return finish.status === 'succeeded' ? [messages.rewardPaid(REWARD_AMOUNT), closing] : [closing];
}
