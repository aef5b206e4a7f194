/** The longest delay of a timer, in ms (about 24.8 days). A timer with a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** How often, and after which delays, a failed attempt is retried. */
export type RetryPolicy = {
  /** Total number of attempts, the first one included; at least 1. */
  maxAttempts: number;
  /** Delay before the second attempt, in ms. */
  initialDelayMs: number;
  /** Factor from each delay to the next. */
  multiplier: number;
  /** Maximum delay, in ms; it also limits Retry-After. */
  maxDelayMs: number;
};

/** Three attempts, with delays of 2 s and 4 s. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 2_000,
  multiplier: 2,
  maxDelayMs: 30_000,
};

/** Accepted values. They keep delays finite (100 attempts with a factor of 100) and catch typing errors. */
export const RETRY_BOUNDS = {
  maxAttempts: { min: 1, max: 100 },
  delayMs: { min: 0, max: MAX_TIMER_MS },
  multiplier: { min: 1, max: 100 },
};

/**
 * The delay before `attempt` (2 or more), in ms: 2000, 4000, 8000 … with the default policy, never above `maxDelayMs`.
 * Exact, without jitter (Property 44, requirement 12.1).
 */
function backoffMs(policy: RetryPolicy, attempt: number): number {
  return Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.multiplier ** (attempt - 2));
}

/** The backoff, or the agent's Retry-After if that is longer; never above `maxDelayMs`. */
export function delayBeforeMs(policy: RetryPolicy, attempt: number, retryAfterMs = 0): number {
  return Math.min(policy.maxDelayMs, Math.max(backoffMs(policy, attempt), retryAfterMs));
}
