import type { AgentErrorCode, AttemptFailure } from '../orchestrator/domain/failure.ts';

/** Ends an attempt. Thrown anywhere in this folder; `createAgentClient` turns it into an outcome. */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';
  readonly failure: AttemptFailure;

  /** A failure that is worth another attempt, unless `details` has `final: true`. */
  constructor(
    code: AgentErrorCode,
    message: string,
    details: Partial<Pick<AttemptFailure, 'final' | 'httpStatus' | 'retryAfterMs'>> = {},
  ) {
    super(message);
    this.failure = { code, message, final: false, ...details };
  }
}

/** The agent responded with 200, but not with what it must send. */
export function badResponse(message: string): FailedAttempt {
  return new FailedAttempt('BAD_RESPONSE', message);
}

/**
 * Text from elsewhere on one line, for a message: without control characters and direction marks, white space collapsed,
 * cut after `length` characters with an ellipsis.
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
 * What a transport's error means, for a person. The error's own message is left out, since it may contain the whole URL.
 * @param label host and port
 */
export function connectionFailure(error: unknown, label: string): FailedAttempt {
  return new FailedAttempt('CONNECTION', describe(errorCode(error), label));
}

function describe(code: string, label: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `${label} refused the connection`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name of ${label} could not be resolved`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `${label} closed the connection before the response was complete`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${label} could not be reached (${code})`;
    default:
      if (code.startsWith('HPE_')) return `${label} did not respond with valid HTTP`;
      return `the connection to ${label} failed${code === '' ? '' : ` (${code})`}`;
  }
}

/** The code that Node gave the error or, with fetch or several addresses, one of the errors that caused it. */
function errorCode(error: unknown): string {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return '';
}
