import type { Deployment } from './agent-input.ts';
import type { Advance, ChainEvent, ChainState } from './chain.ts';
import type { NewLogLine } from './log-line.ts';
import * as messages from './log-messages.ts';
import { type FinalStatus, rewardFor } from './workflow.ts';

/** What the log shows of an event besides the chain's state. */
export type EventDetails = {
  maxAttempts: number;
  /** The workflow that this one retries. */
  retryOf?: string | null;
  /** How long the attempt took, in ms; null when the worker process died in it. */
  durationMs?: number | null;
  /** What DeployAgent published. */
  deployment?: Deployment | null;
};

/** The orchestrator's lines about an event, except for those that close the log. */
export function eventLines(event: ChainEvent, after: Advance, details: EventDetails): NewLogLine[] {
  const { maxAttempts, retryOf = null, durationMs = null, deployment = null } = details;
  switch (event.type) {
    case 'started': {
      const first = after.decisions.find((decision) => decision.type === 'call')?.agent ?? 'story';
      return [messages.workflowStarted(first, retryOf)];
    }
    case 'attemptStarted': {
      const { agent, interruption } = event;
      const { attempt, status } = after.state.steps[agent];
      if (status === 'failed') return [failureLine(event, after, durationMs)];
      return [
        interruption === undefined
          ? messages.attemptStarted(agent, attempt, maxAttempts)
          : messages.attemptRepeated(agent, attempt, interruption),
      ];
    }
    case 'attemptSucceeded': {
      const { attempt } = after.state.steps[event.agent];
      const succeeded = messages.stepSucceeded(event.agent, attempt, durationMs ?? 0);
      return deployment === null ? [succeeded] : [succeeded, messages.deploymentCompleted(deployment)];
    }
    case 'attemptFailed':
      return [failureLine(event, after, durationMs)];
    case 'cancelled':
      return [];
  }
}

function failureLine(
  { agent }: Extract<ChainEvent, { type: 'attemptStarted' | 'attemptFailed' }>,
  { state, decisions }: Advance,
  durationMs: number | null,
): NewLogLine {
  const { attempt, failure } = state.steps[agent];
  if (failure === null) throw new Error(`${agent} failed without a failure`);
  const failed = decisions.find((decision) => decision.type === 'failStep');
  if (failed !== undefined) return messages.stepFailed(agent, attempt, failure, durationMs, failed.next);
  const retry = decisions.find((decision) => decision.type === 'call');
  return messages.attemptFailed(agent, attempt, failure, durationMs ?? 0, retry?.delayMs ?? 0);
}

/** The last lines of a workflow: the reward, if one is paid, and the end. */
export function closingLines(chain: ChainState, status: FinalStatus, elapsedMs: number): NewLogLine[] {
  const reward = rewardFor(status);
  const end = messages.workflowFinished(chain, status, elapsedMs);
  return reward === null ? [end] : [messages.rewardPaid(reward), end];
}
