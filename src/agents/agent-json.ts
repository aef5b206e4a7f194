import { parseExactly } from '../orchestrator/domain/exact-json.ts';
import { decodeText } from './agent-text.ts';
import { badResponse, excerpt } from './failures.ts';

/** Deepest nesting of an agent's JSON. Deeper JSON parses here, but cannot be serialized again or stored in Postgres. */
const MAX_DEPTH = 200;

/**
 * Reads a JSON object that an agent sent. Numbers keep their digits. NUL and unpaired surrogates, which JSON can spell
 * but Postgres cannot store, become U+FFFD. Of fields with the same name the last one counts.
 * @param what names the text in the error: `the response`, `a line of the stream`
 * @param charset the one that the response's Content-Type names, if any
 * @throws {FailedAttempt} BAD_RESPONSE
 */
export function parseObject(bytes: Uint8Array, what: string, charset: string | null = null): Record<string, unknown> {
  const text = decodeText(bytes, charset);
  if (text === null) throw badResponse(`${what} is not valid UTF-8${charsetHint(charset)}`);
  const value = parse(text, what);
  if (!isObject(value)) throw badResponse(`${what} is not a JSON object`);
  if (isDeeper(value, MAX_DEPTH)) throw tooDeep(what);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

function parse(text: string, what: string): unknown {
  if (text.trim() === '') throw badResponse(`${what} is empty`);
  try {
    return parseExactly(text.replace(ESCAPES, storable));
  } catch (error) {
    throw error instanceof RangeError ? tooDeep(what) : badResponse(notJson(text, what));
  }
}

function tooDeep(what: string) {
  return badResponse(`${what} is nested more than ${MAX_DEPTH} levels deep`);
}

function charsetHint(charset: string | null): string {
  const isOther = charset !== null && charset !== 'utf-8' && charset !== 'utf8';
  return isOther ? `, nor ${charset}, which its Content-Type names` : '';
}

/** Python and others write NaN and Infinity unless told otherwise; that may be anywhere in the text. */
function notJson(text: string, what: string): string {
  const found = /[[,:]\s*-?(NaN|Infinity)\b/.exec(text);
  if (found === null) return `${what} is not JSON: ${excerpt(text, 80)}`;
  const before = excerpt(text.slice(Math.max(0, found.index - 60), found.index + found[0].length), 80);
  return `${what} is not JSON: it has the number ${found[1]}, which JSON does not know (send null instead), after ${before}`;
}

/** One escape sequence; the two halves of a surrogate pair count as one. */
const ESCAPES = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/gs;

function storable(sequence: string): string {
  const isUnstorable = /^\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})$/.test(sequence);
  return isUnstorable ? '\\ufffd' : sequence;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits NDJSON into lines, wherever the chunks end: for each chunk the lines that it completes, and at the end the last
 * line if no newline ended it. Lines come without their CR LF or LF; empty lines are left out. Works on bytes, so that no
 * character is cut in two.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let open: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      open.push(chunk.subarray(start, end));
      addLine(lines, open);
      open = [];
      start = end + 1;
    }
    if (start < chunk.length) open.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  const last: Uint8Array[] = [];
  addLine(last, open);
  if (last.length > 0) yield last;
}

function addLine(lines: Uint8Array[], parts: Uint8Array[]): void {
  const [first] = parts;
  const line = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
  if (end > 0) lines.push(line.subarray(0, end));
}
