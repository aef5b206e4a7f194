import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import { cleanText } from '../orchestrator/domain/clean-text.ts';
import { isObject, ndjsonLines, parseObject } from './agent-json.ts';
import { checkResult } from './agent-result.ts';
import { charsetOf, decodeText } from './agent-text.ts';
import { badResponse, FailedAttempt } from './failures.ts';
import { MAX_LOG_LINE_BYTES, type ProgressLines } from './progress-lines.ts';
import { refusal } from './reported-failures.ts';
import type { TransportResponse } from './transport.ts';

/** Most bytes of a body, streamed or not, after decompression. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Reads a response with status 200. A stream (application/x-ndjson) is read line by line up to its result or error; what
 * follows is not read. A log line has limits of its own (progress-lines.ts); a result only has the body's, since a page
 * may be large. Objects of another kind are skipped, so that agents may send more one day. Any other body is parsed as
 * JSON, whatever its content type.
 * @throws {FailedAttempt} BAD_RESPONSE or REFUSED. Where the body was read as far as needed, `response.leave()` was called.
 */
export async function readResponse(
  agent: AgentName,
  response: TransportResponse,
  listeners: StreamListeners,
): Promise<AgentResult> {
  if (Number(response.header('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const body = upTo(MAX_BODY_BYTES, response.body);
  const charset = charsetOf(response.header('content-type'));
  const ending: Ending = isStream(response.header('content-type'))
    ? await readStream(body, charset, listeners)
    : { type: 'result', object: await readObject(body, charset) };
  response.leave();
  if (ending.type === 'error') throw refusal(ending.object);
  return checkResult(agent, ending.object);
}

/** What receives the lines before the last. */
export type StreamListeners = {
  progress: ProgressLines;
  /** @param partial as sent, of any shape */
  onPartial: (partial: unknown) => void;
  /** @param usage as sent, of any shape */
  onUsage: (usage: unknown) => void;
};

/** What a body ends with. */
type Ending = { type: 'result' | 'error'; object: Record<string, unknown> };

async function readStream(
  body: AsyncIterable<Uint8Array>,
  charset: string | null,
  listeners: StreamListeners,
): Promise<Ending> {
  for await (const lines of ndjsonLines(body)) {
    for (const line of lines) {
      const ending = readLine(line, charset, listeners);
      if (ending !== null) return ending;
    }
    await listeners.progress.delivered();
  }
  throw badResponse('the stream ended without a result');
}

/** Null for a line that does not end the stream. */
function readLine(line: Uint8Array, charset: string | null, listeners: StreamListeners): Ending | null {
  if (isBlank(line)) return null;
  const entry = entryOf(line, charset);
  const { error, result, log, partial, usage } = entry;
  if (usage !== undefined) listeners.onUsage(usage);
  if (error !== undefined && error !== null && error !== '') return { type: 'error', object: entry };
  if (isObject(result)) return { type: 'result', object: result };
  if (result !== undefined) throw badResponse('`result` in the stream is not an object');
  if (error !== undefined) return { type: 'error', object: entry };
  if (log !== undefined) listeners.progress.add(log, line.length);
  if (partial !== undefined) listeners.onPartial(hasHalfCharacter(line) ? withHalves(line, charset) : partial);
  return null;
}

/** A log line or a text that is not JSON becomes a warning with what was sent: it must not cost the agent's work. */
function entryOf(line: Uint8Array, charset: string | null): Record<string, unknown> {
  try {
    return parseObject(line, 'a line of the stream', charset);
  } catch (error) {
    const text = Buffer.from(line.subarray(0, MAX_LOG_LINE_BYTES)).toString('utf8');
    if (!(error instanceof FailedAttempt) || !/^\s*\{\s*"(log|partial)"\s*:/.test(text)) throw error;
    return { log: { level: 'warn', message: error.message, metadata: { line: cleanText(text) } } };
  }
}

/** Whether a character beyond the first 65,536 may be cut in two, as programs do that cut text by UTF-16 units. */
function hasHalfCharacter(line: Uint8Array): boolean {
  return /\\ud[89a-f]/i.test(Buffer.from(line).toString('latin1'));
}

/** The line's `partial` with the halves of characters that were cut: the other half comes with the next line. */
function withHalves(line: Uint8Array, charset: string | null): unknown {
  return (JSON.parse(decodeText(line, charset) ?? '{}') as { partial?: unknown }).partial;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function isStream(contentType: string | null): boolean {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  return mediaType === 'application/x-ndjson' || mediaType === 'application/ndjson';
}

/**
 * An object shows where it ends. So it counts even if the connection then breaks, as happens when an agent responds
 * without a Content-Length and without having read the whole request.
 */
async function readObject(body: AsyncIterable<Uint8Array>, charset: string | null): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  const parse = () => parseObject(Buffer.concat(chunks), 'the response', charset);
  try {
    for await (const chunk of body) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof FailedAttempt) || error.failure.code !== 'CONNECTION') throw error;
    try {
      return parse();
    } catch {
      throw error;
    }
  }
  return parse();
}

async function* upTo(maxBytes: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

function tooLarge() {
  return badResponse(`the response body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB`);
}
