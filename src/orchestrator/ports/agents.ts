import type { AgentInput, AgentResult } from '../domain/agent-input.ts';
import type { AgentName } from '../domain/agents.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { LogLevel, LogMetadata } from '../domain/log-line.ts';

/** A line of progress that an agent streams while it works. */
export type AgentProgress = { level: LogLevel; message: string; metadata: LogMetadata | null };

export type AgentCall = {
  agent: AgentName;
  /** The JSON body. */
  input: AgentInput;
  /** The same on every attempt, so that an agent that charges money can tell a retry. */
  idempotencyKey: string;
  /** W3C trace context. */
  traceparent: string;
  /** Called the moment before the request is sent, when the connection stands; may abort the call's signal. */
  beforeSending?: () => void;
  /** Called for each progress line, in order; the body is not read on before the promise settles (back-pressure). */
  onProgress: (line: AgentProgress) => Promise<void>;
};

/** How an attempt ended. Failures are values: the chain decides what becomes of them. */
export type AgentOutcome = { type: 'succeeded'; result: AgentResult } | { type: 'failed'; failure: AttemptFailure };

/**
 * Makes one attempt. Aborting the signal closes the connection and rejects with the signal's reason; nothing else
 * rejects.
 */
export type CallAgent = (call: AgentCall, signal: AbortSignal) => Promise<AgentOutcome>;

/** How much may be asked of one agent. */
export type AgentLimits = {
  /** Calls at once in one process. */
  concurrency: number;
  /** Calls at once over all processes; null: no limit. */
  globalConcurrency: number | null;
  /** Calls begun in a minute over all processes; null: no limit. */
  ratePerMinute: number | null;
};
