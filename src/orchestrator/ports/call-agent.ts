import type { AgentInput, AgentResult } from '../domain/agent-input.ts';
import type { AgentName } from '../domain/agents.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { LogLevel, LogMetadata } from '../domain/log-line.ts';
import type { Usage } from '../domain/usage.ts';

/** A line of progress that an agent streams while it works. */
export type AgentProgress = { level: LogLevel; message: string; metadata: LogMetadata | null };

export type AgentCall = {
  agent: AgentName;
  /** The JSON body. */
  input: AgentInput;
  /** The same for every attempt, so that an agent that charges money recognizes a retry. */
  idempotencyKey: string;
  /** W3C trace context. */
  traceparent: string;
  /** Called once connected, immediately before the request is sent; may abort the call's signal. */
  beforeSending?: () => void;
  /** Called for each progress line, in order. The body is not read further until the promise settles (back-pressure). */
  onProgress: (line: AgentProgress) => Promise<void>;
  /** Called with each report of what the agent's calls of models consumed. @default ignored */
  onUsage?: (usage: Usage) => void;
  /** Called for each text that the agent streams while it works, in order. Must not throw. @default ignores them */
  onPartial?: (channel: string, text: string) => void;
};

/** How an attempt ended. A failure is a value: the chain decides what follows from it. */
export type AgentOutcome = { type: 'succeeded'; result: AgentResult } | { type: 'failed'; failure: AttemptFailure };

/**
 * Makes one attempt. Aborting the signal closes the connection and rejects with the signal's reason. Rejects otherwise
 * only with the error of `onProgress`.
 */
export type CallAgent = (call: AgentCall, signal: AbortSignal) => Promise<AgentOutcome>;

/** Limits on the calls of one agent. */
export type AgentLimits = {
  /** Concurrent calls in one process. */
  concurrency: number;
  /** Concurrent calls over all processes; null: no limit. */
  globalConcurrency: number | null;
  /** Calls begun per minute over all processes; null: no limit. */
  ratePerMinute: number | null;
};
