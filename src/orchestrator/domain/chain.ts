import { AGENT_NAMES, AGENT_TRIGGERS, type AgentName, byAgent, TRIGGER_AFTER, type Trigger } from './agents.ts';
import type { AttemptFailure } from './failure.ts';
import { delayBeforeMs, type RetryPolicy } from './retry-policy.ts';
import {
  type FinalStatus,
  isStepFinished,
  isWorkflowFinished,
  type StepStatus,
  type WorkflowStatus,
} from './workflow.ts';

/** One agent's step in a workflow, as the chain sees it. */
export type StepState = {
  status: StepStatus;
  /** The number of the current or last attempt, counted from 1; 0 before the first. */
  attempt: number;
  /** How many worker processes died during this step's calls. */
  interruptions: number;
  /** Set with `failed` and `waiting_to_retry`. */
  failure: AttemptFailure | null;
};

export type ChainState = { status: WorkflowStatus; steps: Record<AgentName, StepState> };

/** Why a call has no outcome: its worker process died, or was shut down and handed it over. */
export type Interruption = 'interrupted' | 'handedOver';

export type ChainEvent =
  /** The workflow starts to run: at once, or after it was queued. */
  | { type: 'started' }
  /**
   * A worker took the step and is about to call the agent. `interruption`: an earlier call was interrupted, and is
   * repeated under its attempt number.
   */
  | { type: 'attemptStarted'; agent: AgentName; interruption?: Interruption }
  | { type: 'attemptSucceeded'; agent: AgentName }
  | { type: 'attemptFailed'; agent: AgentName; failure: AttemptFailure }
  | { type: 'cancelled' };

export type Decision =
  /** Call this agent after `delayMs`. */
  | { type: 'call'; agent: AgentName; attempt: number; delayMs: number }
  /** The step has no further attempt. */
  | { type: 'failStep'; agent: AgentName; failure: AttemptFailure; next: AgentName | null }
  /** The deployment is done, whether or not the steps before it succeeded. */
  | { type: 'announceDeployment' }
  | { type: 'finish'; status: FinalStatus };

export const hasEnded = (decisions: readonly Decision[]): boolean => decisions.some(({ type }) => type === 'finish');

export type Advance = { state: ChainState; decisions: Decision[] };

/** The number of worker deaths at which a step fails, in case its own call is what kills them. */
export const MAX_INTERRUPTIONS = 5;

/** A workflow that has not started. All four steps are pending; in a retry, those before `from` have succeeded. */
export function initialChain(from: AgentName = 'story'): ChainState {
  const kept = AGENT_NAMES.indexOf(from);
  const steps = byAgent((agent): StepState => {
    const status = AGENT_NAMES.indexOf(agent) < kept ? 'succeeded' : 'pending';
    return { status, attempt: 0, interruptions: 0, failure: null };
  });
  return { status: 'queued', steps };
}

/**
 * The state of a workflow after an event, and what is to be done next. Pure: no clock, no randomness, no I/O. Both the
 * durable service and the library's in-memory driver use it.
 * @throws {Error} when the event is impossible in this state, which is a defect of the caller.
 */
export function advance(state: ChainState, event: ChainEvent, policy: RetryPolicy): Advance {
  switch (event.type) {
    case 'started':
      expect(state.status === 'queued', event, state);
      return proceed({ ...state, status: 'running' }, 'user.input');
    case 'cancelled':
      expect(!isWorkflowFinished(state.status), event, state);
      return cancel(state);
    case 'attemptStarted': {
      const step = state.steps[event.agent];
      expect(state.status === 'running' && !isStepFinished(step.status), event, state);
      if (event.interruption === 'handedOver') return { state, decisions: [] };
      return event.interruption === 'interrupted' ? repeatAttempt(state, event.agent) : startNext(state, event.agent);
    }
    case 'attemptSucceeded': {
      expect(state.status === 'running' && state.steps[event.agent].status === 'running', event, state);
      const after = proceed(
        withStep(state, event.agent, { status: 'succeeded', failure: null }),
        TRIGGER_AFTER[event.agent],
      );
      return event.agent === 'deploy'
        ? { ...after, decisions: [{ type: 'announceDeployment' }, ...after.decisions] }
        : after;
    }
    case 'attemptFailed':
      expect(state.status === 'running' && state.steps[event.agent].status === 'running', event, state);
      return afterFailure(state, event.agent, event.failure, policy);
  }
}

function startNext(state: ChainState, agent: AgentName): Advance {
  const attempt = state.steps[agent].attempt + 1;
  return { state: withStep(state, agent, { status: 'running', attempt, failure: null }), decisions: [] };
}

/** A call whose worker process died is repeated under the same attempt number, up to a limit. */
function repeatAttempt(state: ChainState, agent: AgentName): Advance {
  const interruptions = state.steps[agent].interruptions + 1;
  const counted = withStep(state, agent, { interruptions });
  if (interruptions < MAX_INTERRUPTIONS) return { state: counted, decisions: [] };
  return failStep(counted, agent, {
    code: 'INTERRUPTED',
    message: `the worker process died ${interruptions} times during this call`,
    final: true,
  });
}

function afterFailure(state: ChainState, agent: AgentName, failure: AttemptFailure, policy: RetryPolicy): Advance {
  const attempt = state.steps[agent].attempt + 1;
  if (failure.final || attempt > policy.maxAttempts) return failStep(state, agent, failure);
  const delayMs = delayBeforeMs(policy, attempt, failure.retryAfterMs);
  return {
    state: withStep(state, agent, { status: 'waiting_to_retry', failure }),
    decisions: [{ type: 'call', agent, attempt, delayMs }],
  };
}

/** Property 45: a failed agent triggers the next one too. */
function failStep(state: ChainState, agent: AgentName, failure: AttemptFailure): Advance {
  const after = proceed(withStep(state, agent, { status: 'failed', failure }), TRIGGER_AFTER[agent]);
  const call = after.decisions.find((decision) => decision.type === 'call');
  return { ...after, decisions: [{ type: 'failStep', agent, failure, next: call?.agent ?? null }, ...after.decisions] };
}

/** Calls the agent of the trigger, or the next one without a result; or ends the workflow. */
function proceed(state: ChainState, trigger: Trigger): Advance {
  const target = AGENT_TRIGGERS[trigger];
  if (target === 'complete') return finish(state);
  const step = state.steps[target];
  if (isStepFinished(step.status)) return proceed(state, TRIGGER_AFTER[target]);
  return { state, decisions: [{ type: 'call', agent: target, attempt: step.attempt + 1, delayMs: 0 }] };
}

function finish(state: ChainState): Advance {
  const status = AGENT_NAMES.every((agent) => state.steps[agent].status === 'succeeded') ? 'succeeded' : 'failed';
  return { state: { ...state, status }, decisions: [{ type: 'finish', status }] };
}

function cancel(state: ChainState): Advance {
  const steps = byAgent((agent): StepState => {
    const step = state.steps[agent];
    return isStepFinished(step.status) ? step : { ...step, status: 'cancelled' };
  });
  return { state: { status: 'cancelled', steps }, decisions: [{ type: 'finish', status: 'cancelled' }] };
}

function withStep(state: ChainState, agent: AgentName, changes: Partial<StepState>): ChainState {
  return { ...state, steps: { ...state.steps, [agent]: { ...state.steps[agent], ...changes } } };
}

function expect(possible: boolean, event: ChainEvent, state: ChainState): void {
  if (!possible) throw new Error(`the event ${JSON.stringify(event)} is impossible in ${JSON.stringify(state)}`);
}
