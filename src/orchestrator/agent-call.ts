import { randomBytes } from 'node:crypto';
import type { AgentInput } from './domain/agent-input.ts';
import type { AgentName } from './domain/agents.ts';
import { cleanText } from './domain/clean-text.ts';
import type { AttemptFailure } from './domain/failure.ts';
import { fitLine, type NewLogLine } from './domain/log-line.ts';
import type { Usage } from './domain/usage.ts';
import type { AgentCall } from './ports/call-agent.ts';

/** Longest failure message that is saved, in UTF-16 units. */
const MAX_REASON_LENGTH = 2_000;

type CallListeners = {
  /** Receives each progress line as one of the agent, cleaned of characters that would control a terminal. */
  write: (line: NewLogLine) => Promise<void>;
  onUsage?: (usage: Usage) => void;
  onPartial?: AgentCall['onPartial'];
  beforeSending?: () => void;
};

/**
 * The call of one attempt, the same for both drivers of the chain. The Idempotency-Key and the trace id belong to the
 * workflow, so that an agent recognizes a retry; the span id belongs to the call (W3C trace context).
 */
export function createAgentCall(
  workflowId: string,
  agent: AgentName,
  input: AgentInput,
  { write, onUsage = () => {}, onPartial = () => {}, beforeSending = () => {} }: CallListeners,
): AgentCall {
  return {
    agent,
    input,
    idempotencyKey: `${workflowId}:${agent}`,
    traceparent: `00-${workflowId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`,
    beforeSending,
    onUsage,
    onPartial,
    onProgress: ({ level, message, metadata }) =>
      write(fitLine({ agentType: agent, level, message: cleanText(message), metadata })),
  };
}

/** Cleans an agent's failure message, which is shown in the room's log and error. */
export function cleanFailure(failure: AttemptFailure): AttemptFailure {
  return { ...failure, message: cleanText(failure.message, MAX_REASON_LENGTH) };
}
