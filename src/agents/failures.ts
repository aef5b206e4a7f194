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

/**
 * A stranger's text on one line, for a message: no control characters or direction marks, white space collapsed, cut
 * after `length` characters with an ellipsis.
 */
export function excerpt(text: string, length = 200): string {
  // Cut roughly first: the text may be 10 MiB.
  const clean = text
    .slice(0, length * 8)
    .toWellFormed()
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  const characters = [...clean];
  if (characters.length <= length) return clean;
  return `${characters.slice(0, length - 1).join('')}…`;
}

/**
 * What a transport's error means, for a person. The error's own text is left out, since it may hold the whole URL.
 * @param label host and port
 */
export function connectionFailure(error: unknown, label: string): AttemptFailure {
  return failure('CONNECTION', describe(errorCode(error), label));
}

function describe(code: string, label: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `${label} refused the connection`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name of ${label} cannot be resolved`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `${label} closed the connection before the answer was complete`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${label} cannot be reached (${code})`;
    default:
      if (code.startsWith('HPE_')) return `${label} does not answer in HTTP`;
      return `the connection to ${label} failed${code === '' ? '' : ` (${code})`}`;
  }
}

/** The code that Node gave the error or, as with fetch and with several addresses, one of those that caused it. */
function errorCode(error: unknown): string {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return '';
}
