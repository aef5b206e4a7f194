import { STATUS_CODES } from 'node:http';
import { isObject } from './agent-json.ts';
import { excerpt, FailedAttempt } from './failures.ts';
import { reasonIn, reasonInText } from './reported-reason.ts';

/* Failures that an agent reports itself: by a body with an error, or by its status. */

/**
 * The agent refuses the request: for good when it adds `retryable: false`. `retryAfter`, in seconds, asks for a wait:
 * an agent whose stream has begun can send no header any more.
 */
export function refusal(body: Record<string, unknown>): FailedAttempt {
  const message = reasonIn(body) || 'the agent refused without giving a reason';
  const seconds = body['retryAfter'];
  const hasWait = typeof seconds === 'number' && seconds >= 0;
  return new FailedAttempt('REFUSED', message, {
    final: isFinal(body),
    ...(hasWait ? { retryAfterMs: Math.min(Math.round(seconds * 1_000), Number.MAX_SAFE_INTEGER) } : {}),
  });
}

/** `retryable: false`, also within `error` or within `detail`, where FastAPI puts what an agent answers. */
export function isFinal(body: unknown): boolean {
  if (!isObject(body)) return false;
  return [body, body['error'], body['detail']].some((part) => isObject(part) && part['retryable'] === false);
}

/** Statuses with which an agent may ask for a wait. */
const STATUSES_WITH_RETRY_AFTER = [429, 503];

/**
 * What a response with a status other than 200 means. The status alone decides, except that `retryable: false` in the
 * body makes it a refusal for good.
 * @param nowMs ms since the epoch
 */
export function httpStatusFailure(
  response: { status: number; header: (name: string) => string | null },
  body: string,
  nowMs: number,
): FailedAttempt {
  const { status } = response;
  const error = errorJson(body);
  const reason = error === undefined ? reasonInText(body) : reasonIn(error);
  if (isFinal(error)) {
    const message = reason || `the agent refused with status ${status}, and asked not to be called again`;
    return new FailedAttempt('REFUSED', message, { final: true, httpStatus: status });
  }
  const delayMs = STATUSES_WITH_RETRY_AFTER.includes(status)
    ? retryAfterMs(response.header('retry-after'), nowMs)
    : undefined;
  // JSON of an unknown shape is shown as it is, since the reason may be anywhere in it.
  const shown = reason || (isObject(error) && Object.keys(error).length > 0 ? excerpt(body) : '');
  const isRepeated = shown === '' || shown === STATUS_CODES[status];
  return new FailedAttempt('HTTP_STATUS', `${statusText(status)}${isRepeated ? '' : `: ${shown}`}`, {
    httpStatus: status,
    ...(delayMs === undefined ? {} : { retryAfterMs: delayMs }),
  });
}

function statusText(status: number): string {
  if (status >= 300 && status < 400) return `responded with ${status}, but redirects are not followed`;
  return `responded with ${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

/** The body as JSON; of a stream, its last line. Undefined when it is not JSON. */
function errorJson(body: string): unknown {
  for (const text of [body, body.trim().split('\n').at(-1) ?? '']) {
    try {
      return JSON.parse(text);
    } catch {
      // Not JSON: the text itself is the reason.
    }
  }
  return undefined;
}

/**
 * The wait that a Retry-After header asks for, in ms: from a number of seconds, or from an HTTP date in any of its
 * three forms (RFC 9110). Undefined for anything else, and for a date in the past.
 * @param nowMs ms since the epoch
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATES.some((form) => form.test(value))) return undefined;
  // The oldest form names no time zone and would be read as local time.
  const atMs = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return atMs > nowMs ? atMs - nowMs : undefined;
}

const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];
