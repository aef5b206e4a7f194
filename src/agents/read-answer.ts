import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { AgentOutcome } from '../orchestrator/ports/agents.ts';
import { isObject, parseObject } from './agent-json.ts';
import { judgeResult, refusal } from './agent-result.ts';
import { badResponse } from './failures.ts';
import { ndjsonLines } from './ndjson.ts';
import type { ProgressLines } from './progress-lines.ts';
import type { TransportAnswer } from './transport.ts';

/** Most bytes of a body, a stream's too, after decompression. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Reads an answer with status 200. A stream (application/x-ndjson) is read line by line up to its result or error:
 * what follows is not read. A log line has its own limits (progress-lines.ts), a result only the body's, since a page
 * may be large. Lines that are objects of another kind are passed over, so that agents may say more one day; any other
 * body is parsed as JSON, whatever its type is said to be.
 * @throws {FailedAttempt} BAD_RESPONSE
 */
export async function readAnswer(
  agent: AgentName,
  answer: TransportAnswer,
  progress: ProgressLines,
): Promise<AgentOutcome> {
  if (Number(answer.header('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const body = upTo(MAX_BODY_BYTES, answer.body);
  if (isStream(answer.header('content-type'))) return readStream(agent, body, progress);
  return judgeResult(agent, parseObject(await collect(body), 'the answer'));
}

/** The beginning of a body, as text: at most about `bytes`, less when the connection fails. */
export async function readBeginning(answer: TransportAnswer, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytes) break;
    }
  } catch {
    // The status alone says enough.
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString('utf8');
}

async function readStream(
  agent: AgentName,
  body: AsyncIterable<Uint8Array>,
  progress: ProgressLines,
): Promise<AgentOutcome> {
  for await (const lines of ndjsonLines(body)) {
    for (const line of lines) {
      const outcome = readLine(agent, line, progress);
      if (outcome !== null) return outcome;
    }
    await progress.delivered();
  }
  throw badResponse('the stream ended without a result');
}

/** The outcome that a line brings; null for a log line. */
function readLine(agent: AgentName, line: Uint8Array, progress: ProgressLines): AgentOutcome | null {
  if (isBlank(line)) return null;
  const entry = parseObject(line, 'a line of the stream');
  const { error, result, log } = entry;
  if (error !== undefined && error !== null && error !== '') return refusal(entry);
  if (isObject(result)) return judgeResult(agent, result);
  if (result !== undefined) throw badResponse('the `result` of the stream is not an object');
  if (error !== undefined) return refusal(entry);
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
  return badResponse(`the body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB`);
}
