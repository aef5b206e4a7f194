/** Why an attempt failed. `INTERRUPTED`: the worker process died too often. `BUDGET`: it was not made. */
export const AGENT_ERROR_CODES = [
  'TIMEOUT',
  'CONNECTION',
  'HTTP_STATUS',
  'BAD_RESPONSE',
  'REFUSED',
  'INTERRUPTED',
  'BUDGET',
] as const;
export type AgentErrorCode = (typeof AGENT_ERROR_CODES)[number];

/** A failed attempt. */
export type AttemptFailure = {
  code: AgentErrorCode;
  /** For people; never contains a secret. */
  message: string;
  /** The same call would fail again, according to the agent (`retryable: false`). */
  final: boolean;
  httpStatus?: number;
  /** The agent's Retry-After, in ms. It lengthens the wait, up to the policy's maximum. */
  retryAfterMs?: number;
};
