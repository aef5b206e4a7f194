import type { Deployment } from './agent-input.ts';
import { AGENT_NAMES, AGENT_TITLES, type AgentName } from './agents.ts';
import type { ChainState, Interruption } from './chain.ts';
import { cleanText } from './clean-text.ts';
import { logCursor } from './cursor.ts';
import type { AttemptFailure } from './failure.ts';
import { fitLine, type LogLevel, type LogLine, type LogMetadata, type NewLogLine } from './log-line.ts';
import type { FinalStatus } from './workflow.ts';

/*
 * The orchestrator's messages in a room's log. Each line's metadata names its `event`, for programs; durations are in
 * ms. `workflow.finished` is always a workflow's last line.
 */

export const FINISHED_EVENT = 'workflow.finished';
export const DEPLOYED_EVENT = 'deployment.completed';

export function workflowQueued(runningNow: number): NewLogLine {
  const running = runningNow === 1 ? '1 of your workflows is running' : `${runningNow} of your workflows are running`;
  return orchestratorLine('info', `Workflow queued: ${running}`, { event: 'workflow.queued', runningNow });
}

export function workflowStarted(first: AgentName, retryOf: string | null): NewLogLine {
  const message = retryOf === null ? 'Workflow started' : `Workflow started: retry from ${AGENT_TITLES[first]}`;
  return orchestratorLine('info', message, {
    event: 'workflow.started',
    from: first,
    ...(retryOf === null ? {} : { retryOf }),
  });
}

export function attemptStarted(agent: AgentName, attempt: number, maxAttempts: number): NewLogLine {
  return orchestratorLine('info', `${AGENT_TITLES[agent]}: attempt ${attempt} of ${maxAttempts}`, {
    event: 'attempt.started',
    agent,
    attempt,
    maxAttempts,
  });
}

const INTERRUPTIONS: Record<Interruption, string> = {
  interrupted: 'the worker process died',
  handedOver: 'the worker process was shut down',
};

export function attemptRepeated(agent: AgentName, attempt: number, reason: Interruption): NewLogLine {
  const message = `${AGENT_TITLES[agent]}: attempt ${attempt} is repeated: ${INTERRUPTIONS[reason]}`;
  return orchestratorLine('warn', message, { event: 'attempt.resumed', agent, attempt, reason });
}

export function attemptFailed(
  agent: AgentName,
  attempt: number,
  failure: AttemptFailure,
  durationMs: number,
  delayMs: number,
): NewLogLine {
  const message = `${AGENT_TITLES[agent]}: attempt ${attempt} failed, retrying in ${duration(delayMs)}: ${failure.message}`;
  return orchestratorLine('warn', message, {
    event: 'attempt.failed',
    agent,
    attempt,
    ...failureMetadata(failure),
    durationMs,
    nextAttempt: attempt + 1,
    delayMs,
  });
}

export function stepFailed(
  agent: AgentName,
  attempt: number,
  failure: AttemptFailure,
  durationMs: number | null,
  next: AgentName | null,
): NewLogLine {
  const continuing = next === null ? '' : `; continuing with ${AGENT_TITLES[next]}`;
  const message = `${AGENT_TITLES[agent]} failed after ${attempts(attempt)}: ${failure.message}${continuing}`;
  return orchestratorLine('error', message, {
    event: 'step.failed',
    agent,
    attempt,
    ...failureMetadata(failure),
    ...(durationMs === null ? {} : { durationMs }),
  });
}

export function stepSucceeded(agent: AgentName, attempt: number, durationMs: number): NewLogLine {
  return orchestratorLine('success', `${AGENT_TITLES[agent]} finished in ${duration(durationMs)}`, {
    event: 'step.succeeded',
    agent,
    attempt,
    durationMs,
  });
}

export function deploymentCompleted({ deploymentUrl, codeCid }: Deployment): NewLogLine {
  const metadata = { event: DEPLOYED_EVENT, deploymentUrl, codeCid };
  return orchestratorLine('success', `Deployed: ${deploymentUrl}`, metadata);
}

export function rewardPaid(amount: number): NewLogLine {
  return orchestratorLine('success', `Reward paid: ${amount} HHCW`, { event: 'reward.paid', amount });
}

export function workflowFinished(chain: ChainState, status: FinalStatus, durationMs: number): NewLogLine {
  const metadata = { event: FINISHED_EVENT, status, durationMs };
  switch (status) {
    case 'succeeded':
      return orchestratorLine('success', `Workflow finished in ${duration(durationMs)}`, metadata);
    case 'cancelled':
      return orchestratorLine('warn', 'Workflow cancelled', metadata);
    case 'failed': {
      const failedAgents = AGENT_NAMES.filter((agent) => chain.steps[agent].status === 'failed');
      return orchestratorLine('error', `Workflow failed: ${failureSummary(chain)}`, { ...metadata, failedAgents });
    }
  }
}

/**
 * The line that replaces removed lines for a reader. It is never stored. It has the id and `seq` of the last removed line,
 * so a client that passes its id back continues with the first line that is left.
 * @param removed the first and the last `seq` of the lines that this reader misses.
 */
export function removedLines(
  log: { roomId: string; workflowId: string },
  removed: { from: number; to: number },
  timestamp: Date,
): LogLine {
  const { from, to } = removed;
  const count = to - from + 1;
  return {
    ...log,
    id: logCursor(log.roomId, to),
    seq: to,
    timestamp,
    agentType: 'orchestrator',
    level: 'warn',
    message: count === 1 ? `Line ${to} is no longer kept` : `Lines ${from} to ${to} are no longer kept`,
    metadata: { event: 'lines.removed', from, to },
  };
}

/** Why a room is in error, for a person: every agent that failed, with its reason. */
export function failureSummary(chain: ChainState): string {
  return AGENT_NAMES.flatMap((agent) => {
    const { status, attempt, failure } = chain.steps[agent];
    if (status !== 'failed' || failure === null) return [];
    return `${AGENT_TITLES[agent]} failed after ${attempts(attempt)}: ${cleanText(failure.message, 500)}`;
  }).join('; ');
}

function failureMetadata({ code, message, httpStatus }: AttemptFailure): LogMetadata {
  return { errorCode: code, error: message, ...(httpStatus === undefined ? {} : { httpStatus }) };
}

const attempts = (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`);

/** `840 ms`, `2 s`, `12.3 s`. */
function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

function orchestratorLine(level: LogLevel, message: string, metadata: LogMetadata): NewLogLine {
  return fitLine({ agentType: 'orchestrator', level, message: cleanText(message), metadata });
}
