/*
 * How long processes wait before they act on behalf of another. Every process shows every 2 s that it lives, and sends
 * no call when Postgres has not confirmed that for 5 s.
 */

/** A worker that was not seen for this long is dead: others may take over its steps. */
export const WORKER_DEAD_AFTER_MS = 6_000;

/**
 * How long after the last confirmation a lease is trusted, in ms. Shorter than the time after which other workers take
 * over, so that no call is sent under a lease that another worker may hold.
 */
export const LEASE_TRUST_MS = 5_000;

/** How long the reconciler leaves a step alone after it was dispatched or taken. */
export const REDISPATCH_DELAY_MS = 5_000;

/** How long after the end of a wait the reconciler dispatches a step whose own timer was lost. */
export const REDISPATCH_AFTER_WAIT_MS = 500;
