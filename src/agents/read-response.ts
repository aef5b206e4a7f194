import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import { isObject, ndjsonLines, parseObject } from './agent-json.ts';
import { checkResult } from './agent-result.ts';
import { badResponse } from './failures.ts';
import type { ProgressLines } from './progress-lines.ts';
import { refusal } from './reported-failures.ts';
import type { TransportResponse } from './transport.ts';

/** Most bytes of a body, streamed or not, after decompression. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

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
  progress: ProgressLines,
): Promise<AgentResult> {
  if (Number(response.header('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const body = upTo(MAX_BODY_BYTES, response.body);
  const ending: Ending = isStream(response.header('content-type'))
    ? await readStream(body, progress)
    : { type: 'result', object: parseObject(await collect(body), 'the response') };
  response.leave();
  if (ending.type === 'error') throw refusal(ending.object);
  return checkResult(agent, ending.object);
}

/** What a body ends with. */
type Ending = { type: 'result' | 'error'; object: Record<string, unknown> };

/** The beginning of a body, as text: at most `bytes`, less when the connection fails. */
export async function readBeginning(response: TransportResponse, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytes) break;
    }
  } catch {
    // The status alone is enough.
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString('utf8');
}

async function readStream(body: AsyncIterable<Uint8Array>, progress: ProgressLines): Promise<Ending> {
  for await (const lines of ndjsonLines(body)) {
    for (const line of lines) {
      const ending = readLine(line, progress);
      if (ending !== null) return ending;
    }
    await progress.delivered();
  }
  throw badResponse('the stream ended without a result');
}

/** Null for a line that does not end the stream. */
function readLine(line: Uint8Array, progress: ProgressLines): Ending | null {
  if (isBlank(line)) return null;
  const entry = parseObject(line, 'a line of the stream');
  const { error, result, log } = entry;
  if (error !== undefined && error !== null && error !== '') return { type: 'error', object: entry };
  if (isObject(result)) return { type: 'result', object: result };
  if (result !== undefined) throw badResponse('`result` in the stream is not an object');
  if (error !== undefined) return { type: 'error', object: entry };
  if (log !== undefined) progress.add(log, line.length);
  return null;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function isStream(contentType: string | null): boolean {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  return mediaType === 'application/x-ndjson' || mediaType === 'application/ndjson';
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
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
