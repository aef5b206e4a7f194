/** Why an attempt failed. `INTERRUPTED`: the process that made the call died. */
export const AGENT_ERROR_CODES = [
  'TIMEOUT',
  'CONNECTION',
  'HTTP_STATUS',
  'BAD_RESPONSE',
  'REFUSED',
  'INTERRUPTED',
] as const;
export type AgentErrorCode = (typeof AGENT_ERROR_CODES)[number];

/** What is known of a failed attempt. */
export type AttemptFailure = {
  code: AgentErrorCode;
  /** For a person; never holds a secret. */
  message: string;
  /** True when the agent said that the same call would fail again (`retryable: false`). */
  final: boolean;
  httpStatus?: number;
  /** From the agent's Retry-After, in ms: lengthens the wait, up to the policy's longest. */
  retryAfterMs?: number;
};
