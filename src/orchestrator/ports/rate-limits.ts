/** Whose requests are counted: all of a viewer's, or all from an address, whoever sends them. */
export type CountedBy = { viewerId: string } | { address: string };

/** @throws {RequestError} RATE_LIMITED with `retryAfterMs`; the message says the bound and the way on */
export type RateLimits = {
  /** An operation or a request. */
  operation(by: CountedBy): Promise<void>;
  /** A workflow that is started or retried. */
  start(by: CountedBy): Promise<void>;
};
