/** Longest wait that a timer can make, in ms (about 24.8 days); a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** How often, and after which waits, a failed attempt is made again. */
export type RetryPolicy = {
  /** Attempts in all, the first one included; at least 1. */
  maxAttempts: number;
  /** Wait before the second attempt, in ms. */
  initialDelayMs: number;
  /** Each wait is the one before times this. */
  multiplier: number;
  /** No wait is longer, in ms; a Retry-After neither. */
  maxDelayMs: number;
};

/** Three attempts with waits of 2 s and 4 s; a fourth would wait 8 s (seed, "Retry Policy"). */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 2_000,
  multiplier: 2,
  maxDelayMs: 30_000,
};

/** What may be asked for: they keep waits finite (100 attempts, times 100 each) and catch a slipped digit. */
export const RETRY_BOUNDS = {
  maxAttempts: { min: 1, max: 100 },
  delayMs: { min: 0, max: MAX_TIMER_MS },
  multiplier: { min: 1, max: 100 },
};

/**
 * Wait before `attempt` (2 or more), in ms: 2000, 4000, 8000 … with the default policy, never above `maxDelayMs`.
 * Exact, without jitter (Property 44, requirement 12.1).
 */
function backoffMs(policy: RetryPolicy, attempt: number): number {
  return Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.multiplier ** (attempt - 2));
}

/** The backoff, or the agent's Retry-After where that is longer; never above `maxDelayMs`. */
export function waitBeforeMs(policy: RetryPolicy, attempt: number, retryAfterMs = 0): number {
  return Math.min(policy.maxDelayMs, Math.max(backoffMs(policy, attempt), retryAfterMs));
}
