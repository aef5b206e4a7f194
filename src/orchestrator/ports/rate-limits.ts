/** What requests are counted by: the viewer, or the address they come from, whoever sends them. */
export type CountedBy = { viewerId: string } | { address: string };

/** @throws {RequestError} RATE_LIMITED with `retryAfterMs`; the message names the limit and when to retry */
export type RateLimits = {
  /** Counts a GraphQL operation or another request. */
  operation(by: CountedBy): Promise<void>;
  /** Counts a workflow that is started or retried. */
  start(by: CountedBy): Promise<void>;
};
