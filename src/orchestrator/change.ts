import type { AgentResult, Deployment } from './domain/agent-input.ts';
import { AGENT_NAMES, type AgentName, byAgent } from './domain/agents.ts';
import type { Advance, ChainState, Decision } from './domain/chain.ts';
import { closingLines } from './domain/event-lines.ts';
import type { AttemptFailure } from './domain/failure.ts';
import { REDISPATCH_AFTER_WAIT_MS, REDISPATCH_DELAY_MS } from './domain/liveness.ts';
import type { NewLogLine } from './domain/log-line.ts';
import { failureSummary } from './domain/log-messages.ts';
import { type FinalStatus, isStepFinished, rewardFor, roomStatusAfter } from './domain/workflow.ts';
import type { Change, Lease, StepChange, WorkflowSnapshot } from './ports/store.ts';

/** What a transition decided, on top of the chain's next state and decisions. */
export type Outcome = Advance & {
  lines: NewLogLine[];
  lease?: Lease;
  takenStep?: { agent: AgentName; workerId: string };
  endedAttempt?: { agent: AgentName; attempt: number; failure: AttemptFailure | null };
  result?: { agent: AgentName; result: AgentResult };
  deployment?: Deployment | null;
};

/** Everything that a transition writes, and the workflow as it leaves it. */
export function createChange(snapshot: WorkflowSnapshot, outcome: Outcome): Change {
  const { state, decisions, lease = null, takenStep, result = null, deployment = null } = outcome;
  const finish = decisions.find((decision) => decision.type === 'finish');
  const steps = AGENT_NAMES.flatMap((agent) => changedStep(snapshot, outcome, agent) ?? []);
  const leases = byAgent((agent) => steps.find((step) => step.agent === agent)?.lease ?? snapshot.leases[agent]);
  const results = result === null ? snapshot.results : { ...snapshot.results, [result.agent]: result.result };
  return {
    decisions,
    lease,
    steps,
    result,
    deployment,
    lines: finish ? [...outcome.lines, ...closingLines(state, finish.status, snapshot.elapsedMs)] : outcome.lines,
    next: { chain: state, leases, elapsedMs: snapshot.elapsedMs, results },
    starts: snapshot.chain.status === 'queued' && state.status === 'running',
    end: finish === undefined ? null : endOf(state, finish.status),
    takenLease:
      takenStep === undefined
        ? null
        : { workflowId: snapshot.workflow.id, ...takenStep, number: leases[takenStep.agent].leaseNumber },
    endedAttempt: state.status === 'cancelled' ? 'all' : (outcome.endedAttempt ?? null),
  };
}

function endOf(state: ChainState, status: FinalStatus): Change['end'] {
  return {
    room: { status: roomStatusAfter(status), error: status === 'failed' ? failureSummary(state) : null },
    reward: rewardFor(status),
  };
}

/** The step as the change leaves it; null when the change does not touch it. */
function changedStep(
  snapshot: WorkflowSnapshot,
  { state, decisions, takenStep }: Outcome,
  agent: AgentName,
): StepChange | null {
  const after = state.steps[agent];
  const called = callOf(decisions, agent);
  const workerId = takenStep?.agent === agent ? takenStep.workerId : null;
  if (snapshot.chain.steps[agent] === after && called === null && workerId === null) return null;
  const delayMs = called?.delayMs ?? 0;
  const isReady = !isStepFinished(after.status);
  return {
    agent,
    state: after,
    lease: {
      isReady,
      delayMs,
      waitedMs: 0,
      leaseWorkerId: workerId,
      leaseNumber: snapshot.leases[agent].leaseNumber + (workerId === null ? 0 : 1),
      isWorkerAlive: workerId !== null,
    },
    retryDelayMs: after.status === 'waiting_to_retry' ? delayMs : null,
    redispatchDelayMs: isReady ? redispatchDelayMs(delayMs) : null,
  };
}

function callOf(decisions: readonly Decision[], agent: AgentName) {
  return decisions.filter((decision) => decision.type === 'call').find((call) => call.agent === agent) ?? null;
}

const redispatchDelayMs = (delayMs: number) => (delayMs > 0 ? delayMs + REDISPATCH_AFTER_WAIT_MS : REDISPATCH_DELAY_MS);
