import type { AgentErrorCode, AttemptFailure } from '../orchestrator/domain/failure.ts';

/** Ends an attempt from within; the client turns it into an outcome, so it never reaches the caller. */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';
  readonly failure: AttemptFailure;

  constructor(failure: AttemptFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A failure that is worth another attempt, unless `more` says otherwise. */
export function failure(
  code: AgentErrorCode,
  message: string,
  more: Partial<Pick<AttemptFailure, 'final' | 'httpStatus' | 'retryAfterMs'>> = {},
): AttemptFailure {
  return { code, message, final: false, ...more };
}

/** The body is not what it should be. */
export function badResponse(message: string): FailedAttempt {
  return new FailedAttempt(failure('BAD_RESPONSE', message));
}
