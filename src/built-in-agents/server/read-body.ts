import type { IncomingMessage } from 'node:http';
import { Refusal } from '../built-in-agent.ts';

/** Most bytes of a request: a story of 10 MiB, the most that an agent may answer, and room for its escapes. */
const MAX_REQUEST_BYTES = 24 * 1024 * 1024;

/** @throws {Refusal} 413 for a body that is too large, 400 for one that is not JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_REQUEST_BYTES) throw new Refusal('the body is larger than 24 MiB', 413);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal('the body is not JSON', 400);
  }
}
