import type OpenAI from 'openai';
import { ModelFailure } from '../model-server.ts';
import { type About, pageFailure, streamedFailure } from './failures.ts';

/** The stream of a response as JSON values, and whether the server said that it is complete. */
export type Chunks = { values: AsyncIterable<unknown>; saidDone: () => boolean };

/**
 * Reads a response as a stream of events, or as one JSON answer from a server that does not stream.
 * @throws {ModelFailure} while it is read, for an error object within the stream and for a connection that breaks
 */
export async function chunksOf(response: Response, client: OpenAI, about: About, signal: AbortSignal): Promise<Chunks> {
  if (/\bapplication\/json\b/i.test(response.headers.get('content-type') ?? '')) {
    return { values: oneAnswer(response, about), saidDone: () => true };
  }
  const { Stream } = await import('openai/streaming');
  const controller = new AbortController();
  const { body, saidDone, isPage } = watched(response);
  const stream = Stream.fromSSEResponse<unknown>(new Response(body, { headers: response.headers }), controller, client);
  return { values: guarded(stream, about, signal, isPage), saidDone };
}

async function* guarded(
  stream: AsyncIterable<unknown>,
  about: About,
  signal: AbortSignal,
  isPage: () => boolean,
): AsyncGenerator<unknown> {
  const { APIError } = await import('openai');
  try {
    yield* stream;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof APIError ? streamedFailure(error.error, about) : brokenStream(about);
  }
  // The SDK ends the stream quietly when it is aborted, and skips what is no event.
  signal.throwIfAborted();
  if (isPage()) throw pageFailure(about);
}

export function brokenStream({ label }: About): ModelFailure {
  return new ModelFailure(`${label} ended its answer before it was complete`);
}

async function* oneAnswer(response: Response, about: About): AsyncGenerator<unknown> {
  const text = await response.text().catch(() => {
    throw brokenStream(about);
  });
  const value = parse(text, about);
  if (typeof value === 'object' && value !== null && 'error' in value && value.error) {
    throw streamedFailure(value.error, about);
  }
  yield value;
}

function parse(text: string, { label }: About): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelFailure(`${label} answered with something that is not JSON`);
  }
}

/** Passes the body through, and remembers how it begins and ends: the SDK does not tell whether there was a `[DONE]`. */
function watched(response: Response): {
  body: ReadableStream | null;
  saidDone: () => boolean;
  isPage: () => boolean;
} {
  let head = '';
  let tail = '';
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      const text = Buffer.from(bytes).toString('latin1');
      if (head.length < 64) head = `${head}${text}`.slice(0, 64);
      tail = `${tail}${text}`.slice(-64);
      controller.enqueue(bytes);
    },
  });
  return {
    body: response.body?.pipeThrough(watch) ?? null,
    saidDone: () => /data:\s?\[DONE\]/.test(tail),
    isPage: () => /^\s*</.test(head),
  };
}
