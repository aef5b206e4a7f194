import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';

/** Where an agent is, and how long one attempt may take. */
export type AgentOptions = {
  /** Base URL, http or https, perhaps with user and password. @default the agent's *_AGENT_URL, then http://localhost:3002 to 3005 */
  url?: string | undefined;
  /**
   * Longest time of one attempt, in ms, from connecting to the last byte of the answer; the connection is closed then.
   * @default the agent's *_AGENT_TIMEOUT_MS, then 30,000 (story), 60,000 (asset, code), 120,000 (deploy)
   */
  timeoutMs?: number | undefined;
};

/** How often, and after which waits, a failed attempt is made again (requirement 12.1). */
export type RetryOptions = {
  /** Attempts in all, the first one included, 1 to 100. @default RETRY_MAX_ATTEMPTS, then 3 */
  maxAttempts?: number | undefined;
  /** Wait before the second attempt, in ms. @default RETRY_INITIAL_DELAY_MS, then 2,000 */
  initialDelayMs?: number | undefined;
  /** Each wait is the one before times this, 1 to 100. @default RETRY_BACKOFF_MULTIPLIER, then 2 */
  multiplier?: number | undefined;
  /** No wait is longer, in ms, whatever an agent's Retry-After asks for. @default RETRY_MAX_DELAY_MS, then 30,000 */
  maxDelayMs?: number | undefined;
};

/**
 * What an orchestrator may be told. The environment variables named as defaults are read when the orchestrator is
 * constructed; an empty one counts as unset, and so does undefined or an empty URL here.
 */
export type OrchestratorOptions = {
  /** By agent; those that are not named have their defaults. */
  agents?: { [Name in AgentName]?: AgentOptions | undefined } | undefined;
  /** One policy for the four agents; each counts for itself. */
  retry?: RetryOptions | undefined;
  /** For tests: sends the calls to agents. @default a client on node:http, one connection an attempt */
  fetch?: typeof fetch | undefined;
  /**
   * For tests: makes the waits between attempts, one call a wait. When the signal aborts, the wait is over whether or
   * not this settles. @default a timer
   * @param ms how long to wait
   * @param signal aborts when nobody waits any more
   */
  sleep?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** For tests: ms since the epoch, for durations in the log and a Retry-After that is a date. @default Date.now */
  now?: (() => number) | undefined;
};

/** Options and environment put together: nothing is missing any more. */
export type Settings = {
  agents: Record<AgentName, { url: string; timeoutMs: number }>;
  policy: RetryPolicy;
};
