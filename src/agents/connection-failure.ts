import type { AttemptFailure } from '../orchestrator/domain/failure.ts';
import { failure } from './failed-attempt.ts';

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
