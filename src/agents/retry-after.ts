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
