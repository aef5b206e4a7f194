import { STATUS_CODES } from 'node:http';
import type { AttemptFailure } from '../orchestrator/domain/failure.ts';
import { isObject } from './agent-json.ts';
import { excerpt, failure } from './failures.ts';

/** What an agent says is wrong: its `error`, a text or an object with a `message`, else its `message`; '' for none. */
export function agentErrorText(body: Record<string, unknown>): string {
  const { error, message } = body;
  const said = isObject(error) ? (error['message'] ?? error['error']) : error;
  return excerpt(
    ([said, message].find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined) ?? '',
  );
}

/**
 * The wait that a Retry-After header asks for, in ms: from a number of seconds, or from an HTTP date in any of its
 * three forms (RFC 9110). Undefined for anything else, and for a date that has passed.
 * @param nowMs ms since the epoch
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATES.some((form) => form.test(value))) return undefined;
  // The oldest form names no zone and would be read as local time.
  const atMs = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return atMs > nowMs ? atMs - nowMs : undefined;
}

const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

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
