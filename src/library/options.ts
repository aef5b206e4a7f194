import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';

/** Where an agent is, and how long one attempt may take. */
export type AgentOptions = {
  /**
   * Base URL, http or https, optionally with user and password.
   * @default the agent's *_AGENT_URL, then http://localhost:3002 to 3005
   */
  url?: string | undefined;
  /**
   * Time limit of one attempt, in ms, from connecting to the last byte of the response. Then the connection is closed.
   * @default the agent's *_AGENT_TIMEOUT_MS, then 30,000 (story), 60,000 (asset, code), 120,000 (deploy)
   */
  timeoutMs?: number | undefined;
};

/** How often a failed attempt is retried, and after which delays. */
export type RetryOptions = {
  /** Number of attempts, including the first, 1 to 100. @default RETRY_MAX_ATTEMPTS, then 3 */
  maxAttempts?: number | undefined;
  /** Delay before the second attempt, in ms. @default RETRY_INITIAL_DELAY_MS, then 2,000 */
  initialDelayMs?: number | undefined;
  /** Each delay is the previous one times this, 1 to 100. @default RETRY_BACKOFF_MULTIPLIER, then 2 */
  multiplier?: number | undefined;
  /** Longest delay, in ms, whatever an agent's Retry-After asks for. @default RETRY_MAX_DELAY_MS, then 30,000 */
  maxDelayMs?: number | undefined;
};

/**
 * Options of an orchestrator. The environment variables named as defaults are read when the orchestrator is constructed.
 * An empty variable counts as unset, and so does an option that is undefined or an empty URL.
 */
export type OrchestratorOptions = {
  /** By agent. Agents that are not named use their defaults. */
  agents?: { [Name in AgentName]?: AgentOptions | undefined } | undefined;
  /** The retry policy of all four agents. Each agent's attempts are counted separately. */
  retry?: RetryOptions | undefined;
  /** For tests: sends the requests to agents. @default a client on node:http, one connection per attempt */
  fetch?: typeof fetch | undefined;
  /**
   * For tests: waits between attempts, one call per delay. When the signal aborts, the delay is over whether or not the
   * promise settles. @default a timer
   * @param ms how long to wait
   * @param signal aborts when the delay is no longer needed
   */
  sleep?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** For tests: ms since the epoch, for durations in the log and a Retry-After that is a date. @default Date.now */
  now?: (() => number) | undefined;
};

/** Options and environment combined, with every value set. */
export type Settings = {
  agents: Record<AgentName, { url: string; timeoutMs: number }>;
  policy: RetryPolicy;
};
