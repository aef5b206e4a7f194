import { randomBytes } from 'node:crypto';
import type { AgentInput } from './domain/agent-input.ts';
import type { AgentName } from './domain/agents.ts';
import { cleanText } from './domain/clean-text.ts';
import type { AttemptFailure } from './domain/failure.ts';
import { fitLine, type NewLogLine } from './domain/log-line.ts';
import type { AgentCall } from './ports/agents.ts';

/** Longest reason of a failure that is kept, in UTF-16 units. */
const MAX_REASON_LENGTH = 2_000;

/**
 * One attempt's call, the same for both drivers of the chain. Its Idempotency-Key and its trace are the workflow's, so
 * that an agent can tell a retry; the span is the call's (W3C trace context).
 * @param write gets each line of progress as the agent's own, cleaned of what would steer a terminal.
 */
export function createAgentCall(
  workflowId: string,
  agent: AgentName,
  input: AgentInput,
  write: (line: NewLogLine) => Promise<void>,
  beforeSending: () => void = () => {},
): AgentCall {
  return {
    agent,
    input,
    idempotencyKey: `${workflowId}:${agent}`,
    traceparent: `00-${workflowId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`,
    beforeSending,
    onProgress: ({ level, message, metadata }) =>
      write(fitLine({ agentType: agent, level, message: cleanText(message), metadata })),
  };
}

/** An agent's words go into the room's log and error. */
export function cleanFailure(failure: AttemptFailure): AttemptFailure {
  return { ...failure, message: cleanText(failure.message, MAX_REASON_LENGTH) };
}
