import { badResponse, excerpt } from './failures.ts';

/** Deepest nesting of an answer: more could be parsed here, but no longer written as JSON or kept by Postgres. */
const MAX_DEPTH = 200;

/**
 * Reads a JSON object that an agent sent. NUL and unpaired surrogates, which JSON can spell but Postgres cannot keep,
 * become U+FFFD.
 * @param what names the text in the error: `the answer`, `a line of the answer`
 * @throws {FailedAttempt} BAD_RESPONSE
 */
export function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  const value = parse(decode(bytes, what), what);
  if (!isObject(value)) throw badResponse(`${what} is not a JSON object`);
  if (isDeeper(value, MAX_DEPTH)) throw badResponse(`${what} is nested more than ${MAX_DEPTH} deep`);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badResponse(`${what} is not valid UTF-8`);
  }
}

function parse(text: string, what: string): unknown {
  if (text.trim() === '') throw badResponse(`${what} is empty`);
  try {
    return JSON.parse(text.replace(ESCAPES, keepable));
  } catch {
    throw badResponse(`${what} is not JSON: ${excerpt(text, 80)}`);
  }
}

/** One escape sequence; the two halves of a surrogate pair count as one. */
const ESCAPES = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/gs;

function keepable(sequence: string): string {
  const unkeepable = /^\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})$/.test(sequence);
  return unkeepable ? '\\ufffd' : sequence;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
