import { charsetOf, decodeText } from './agent-text.ts';
import { FailedAttempt } from './failures.ts';
import { MAX_BODY_BYTES } from './read-response.ts';
import type { TransportResponse } from './transport.ts';

/** How long to wait for an error body, in ms. */
const ERROR_BODY_TIMEOUT_MS = 5_000;

/**
 * An error body, as text. FastAPI's may be as large as the request, which it repeats. What does not arrive is left out,
 * since the status alone is enough: the connection may fail, or the agent may not end the body. Of a body that cannot be
 * decompressed, the text is why.
 */
export async function readErrorBody(response: TransportResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let problem = '';
  const collected = collectUpTo(MAX_BODY_BYTES, response.body, chunks).catch((error: unknown) => {
    if (error instanceof FailedAttempt && error.failure.code === 'BAD_RESPONSE') problem = error.message;
  });
  await settledWithin(ERROR_BODY_TIMEOUT_MS, collected);
  if (chunks.length === 0) return problem;
  const body = Buffer.concat(chunks);
  return decodeText(body, charsetOf(response.header('content-type'))) ?? body.toString('utf8');
}

async function collectUpTo(bytes: number, body: AsyncIterable<Uint8Array>, chunks: Uint8Array[]): Promise<void> {
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) return;
  }
}

async function settledWithin(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
