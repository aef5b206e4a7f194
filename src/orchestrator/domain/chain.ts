import { AGENT_NAMES, AGENT_TRIGGERS, type AgentName, byAgent, TRIGGER_AFTER, type Trigger } from './agents.ts';
import type { AttemptFailure } from './failure.ts';
import { type RetryPolicy, waitBeforeMs } from './retry-policy.ts';
import {
  type FinalStatus,
  isStepFinished,
  isWorkflowFinished,
  type StepStatus,
  type WorkflowStatus,
} from './workflow.ts';

/** One agent's place in a workflow, as the chain sees it. */
export type StepState = {
  status: StepStatus;
  /** Number of the current or last attempt, counted from 1; 0 before the first. */
  attempt: number;
  /** How often a process died while it made this step's call. */
  interruptions: number;
  /** Set with `failed` and `waiting_to_retry`. */
  failure: AttemptFailure | null;
};

export type ChainState = { status: WorkflowStatus; steps: Record<AgentName, StepState> };

/** Why a call had no outcome: its process died, or was stopped and handed it over. */
export type Interruption = 'interrupted' | 'handedOver';

export type ChainEvent =
  /** The workflow may run: at once, or when a queued one's turn has come. */
  | { type: 'started' }
  /**
   * A worker took the step and is about to call the agent. `again`: an earlier call was cut short, and is made again
   * under its number.
   */
  | { type: 'attemptStarted'; agent: AgentName; again?: Interruption }
  | { type: 'attemptSucceeded'; agent: AgentName }
  | { type: 'attemptFailed'; agent: AgentName; failure: AttemptFailure }
  | { type: 'cancelled' };

export type Decision =
  /** Call this agent after `delayMs`. */
  | { type: 'call'; agent: AgentName; attempt: number; delayMs: number }
  /** The step has no further attempt. */
  | { type: 'failStep'; agent: AgentName; failure: AttemptFailure; next: AgentName | null }
  /** The deployment is done, whatever became of the steps before it. */
  | { type: 'announceDeployment' }
  | { type: 'finish'; status: FinalStatus };

export const hasEnded = (decisions: readonly Decision[]): boolean => decisions.some(({ type }) => type === 'finish');

export type Advance = { state: ChainState; decisions: Decision[] };

/** After so many deaths of its process a step fails: one that kills its workers must not do so for ever. */
export const MAX_INTERRUPTIONS = 5;

/** A workflow that has not started: all four steps pending, or those before `from` succeeded (retry). */
export function initialChain(from: AgentName = 'story'): ChainState {
  const kept = AGENT_NAMES.indexOf(from);
  const steps = byAgent((agent): StepState => {
    const status = AGENT_NAMES.indexOf(agent) < kept ? 'succeeded' : 'pending';
    return { status, attempt: 0, interruptions: 0, failure: null };
  });
  return { status: 'queued', steps };
}

/**
 * What an event makes of a workflow, and what is to be done about it. Pure: no clock, no randomness, no I/O. The
 * durable service and the library's in-memory driver both go by it.
 * @throws {Error} when the event cannot happen in this state (a defect of the caller, who checks under a lock).
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
      if (event.again === 'handedOver') return { state, decisions: [] };
      return event.again === 'interrupted' ? startAgain(state, event.agent) : startNext(state, event.agent);
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

/** A call cut short by its process's death is made again under the same number, up to a limit. */
function startAgain(state: ChainState, agent: AgentName): Advance {
  const interruptions = state.steps[agent].interruptions + 1;
  const counted = withStep(state, agent, { interruptions });
  if (interruptions < MAX_INTERRUPTIONS) return { state: counted, decisions: [] };
  return failStep(counted, agent, {
    code: 'INTERRUPTED',
    message: `the process that made the call died ${interruptions} times`,
    final: true,
  });
}

function afterFailure(state: ChainState, agent: AgentName, failure: AttemptFailure, policy: RetryPolicy): Advance {
  const attempt = state.steps[agent].attempt + 1;
  if (failure.final || attempt > policy.maxAttempts) return failStep(state, agent, failure);
  const delayMs = waitBeforeMs(policy, attempt, failure.retryAfterMs);
  return {
    state: withStep(state, agent, { status: 'waiting_to_retry', failure }),
    decisions: [{ type: 'call', agent, attempt, delayMs }],
  };
}

/** Property 45: an agent that failed for good triggers the next one as well. */
function failStep(state: ChainState, agent: AgentName, failure: AttemptFailure): Advance {
  const after = proceed(withStep(state, agent, { status: 'failed', failure }), TRIGGER_AFTER[agent]);
  const call = after.decisions.find((decision) => decision.type === 'call');
  return { ...after, decisions: [{ type: 'failStep', agent, failure, next: call?.agent ?? null }, ...after.decisions] };
}

/** Calls the agent that the trigger sets going, past those whose result was kept; or ends the workflow. */
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
  if (!possible) throw new Error(`the event ${JSON.stringify(event)} cannot happen in ${JSON.stringify(state)}`);
}
