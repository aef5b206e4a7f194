import { STATUS_CODES } from 'node:http';
import type { AttemptFailure } from '../orchestrator/domain/failure.ts';
import { agentErrorText } from './agent-error-text.ts';
import { isObject } from './agent-json.ts';
import { excerpt } from './excerpt.ts';
import { failure } from './failed-attempt.ts';
import { retryAfterMs } from './retry-after.ts';

/** Statuses whose Retry-After counts. */
const MAY_ASK_TO_WAIT = [429, 503];

/**
 * What an answer with a status other than 200 means. The status alone decides, but for `retryable: false` in the body,
 * by which the agent refuses for good.
 * @param body the beginning of the body is enough
 */
export function httpStatusFailure(
  answer: { status: number; header: (name: string) => string | null },
  body: string,
  nowMs: number,
): AttemptFailure {
  const { status } = answer;
  const said = parsed(body);
  const detail = said === null ? excerpt(body.replace(/<[^>]*>/g, ' ')) : agentErrorText(said);
  if (said?.['retryable'] === false) {
    return failure('REFUSED', detail || `refused for good with status ${status}`, { final: true, httpStatus: status });
  }
  const waitMs = MAY_ASK_TO_WAIT.includes(status) ? retryAfterMs(answer.header('retry-after'), nowMs) : undefined;
  return failure('HTTP_STATUS', `${title(status)}${detail === '' ? '' : `: ${detail}`}`, {
    httpStatus: status,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

function title(status: number): string {
  if (status >= 300 && status < 400) return `answered ${status}, a redirect, which is not followed`;
  return `answered ${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

/** The body as an object; of a stream, its last line. */
function parsed(body: string): Record<string, unknown> | null {
  for (const text of [body, body.trim().split('\n').at(-1) ?? '']) {
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
    } catch {
      // Not JSON: the text itself is the detail.
    }
  }
  return null;
}
