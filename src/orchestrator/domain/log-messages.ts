import { AGENT_NAMES, AGENT_TITLES, type AgentName } from './agents.ts';
import type { ChainState, Interruption } from './chain.ts';
import { cleanText } from './clean-text.ts';
import type { AttemptFailure } from './failure.ts';
import { fitLine, type LogLevel, type LogMetadata, type NewLogLine } from './log-line.ts';
import type { FinalStatus } from './workflow.ts';

/*
 * What the orchestrator says in a room's log. Each line's metadata names its `event`, for programs; durations are in
 * ms. `workflow.finished` is always a workflow's last line.
 */

export const FINISHED_EVENT = 'workflow.finished';
export const DEPLOYED_EVENT = 'deployment.completed';

export function workflowQueued(runningNow: number): NewLogLine {
  return say('info', `Workflow queued: ${runningNow} of yours are running`, { event: 'workflow.queued', runningNow });
}

export function workflowStarted(first: AgentName, retryOf: string | null): NewLogLine {
  const message = retryOf === null ? 'Workflow started' : `Workflow started again from ${AGENT_TITLES[first]}`;
  return say('info', message, { event: 'workflow.started', from: first, ...(retryOf === null ? {} : { retryOf }) });
}

export function attemptStarted(agent: AgentName, attempt: number, maxAttempts: number): NewLogLine {
  return say('info', `${AGENT_TITLES[agent]}: attempt ${attempt} of ${maxAttempts}`, {
    event: 'attempt.started',
    agent,
    attempt,
    maxAttempts,
  });
}

export function attemptMadeAgain(agent: AgentName, attempt: number, why: Interruption): NewLogLine {
  const reason = why === 'interrupted' ? 'its process died' : 'its process was stopped';
  return say('warn', `${AGENT_TITLES[agent]}: attempt ${attempt} is made again, ${reason}`, {
    event: 'attempt.resumed',
    agent,
    attempt,
    reason: why,
  });
}

export function attemptFailed(
  agent: AgentName,
  attempt: number,
  failure: AttemptFailure,
  durationMs: number,
  delayMs: number,
): NewLogLine {
  return say(
    'warn',
    `${AGENT_TITLES[agent]}: attempt ${attempt} failed, next in ${seconds(delayMs)}: ${failure.message}`,
    {
      event: 'attempt.failed',
      agent,
      attempt,
      ...reasons(failure),
      durationMs,
      nextAttempt: attempt + 1,
      delayMs,
    },
  );
}

export function stepFailed(
  agent: AgentName,
  attempt: number,
  failure: AttemptFailure,
  durationMs: number | null,
  next: AgentName | null,
): NewLogLine {
  const goingOn = next === null ? '' : `; going on with ${AGENT_TITLES[next]}`;
  return say('error', `${AGENT_TITLES[agent]} failed after ${counted(attempt)}: ${failure.message}${goingOn}`, {
    event: 'step.failed',
    agent,
    attempt,
    ...reasons(failure),
    ...(durationMs === null ? {} : { durationMs }),
  });
}

export function stepSucceeded(agent: AgentName, attempt: number, durationMs: number): NewLogLine {
  return say('success', `${AGENT_TITLES[agent]} finished in ${seconds(durationMs)}`, {
    event: 'step.succeeded',
    agent,
    attempt,
    durationMs,
  });
}

export function deploymentCompleted(deploymentUrl: string, codeCid: string | null): NewLogLine {
  return say('success', `Deployed: ${deploymentUrl}`, { event: DEPLOYED_EVENT, deploymentUrl, codeCid });
}

export function rewardPaid(amount: number): NewLogLine {
  return say('success', `Reward paid: ${amount} HHCW`, { event: 'reward.paid', amount });
}

export function workflowFinished(chain: ChainState, status: FinalStatus, durationMs: number): NewLogLine {
  const metadata = { event: FINISHED_EVENT, status, durationMs };
  if (status === 'succeeded') return say('success', `Workflow finished in ${seconds(durationMs)}`, metadata);
  if (status === 'cancelled') return say('warn', 'Workflow cancelled', metadata);
  const failedAgents = AGENT_NAMES.filter((agent) => chain.steps[agent].status === 'failed');
  return say('error', `Workflow failed: ${failureSummary(chain)}`, { ...metadata, failedAgents });
}

/** Why a room is in error, for a person: every agent that failed, with its reason. */
export function failureSummary(chain: ChainState): string {
  return AGENT_NAMES.flatMap((agent) => {
    const { status, attempt, failure } = chain.steps[agent];
    if (status !== 'failed' || failure === null) return [];
    return `${AGENT_TITLES[agent]} failed after ${counted(attempt)}: ${cleanText(failure.message, 500)}`;
  }).join('; ');
}

function reasons(failure: AttemptFailure): LogMetadata {
  const { code, message, httpStatus } = failure;
  return { errorCode: code, error: message, ...(httpStatus === undefined ? {} : { httpStatus }) };
}

const counted = (attempts: number) => (attempts === 1 ? '1 attempt' : `${attempts} attempts`);

/** `840 ms`, `2 s`, `12.3 s`. */
function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

function say(level: LogLevel, message: string, metadata: LogMetadata): NewLogLine {
  return fitLine({ agentType: 'orchestrator', level, message: cleanText(message), metadata });
}
