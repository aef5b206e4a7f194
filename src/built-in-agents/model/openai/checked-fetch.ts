import { type About, connectionFailure, pageFailure, statusFailure } from './failures.ts';

/** Enough of an error's body to find the reason in it. */
const MAX_ERROR_BYTES = 64 * 1024;
const ERROR_BODY_TIMEOUT_MS = 5_000;

/**
 * `fetch` that follows no redirect, and throws for every response that is no answer of a model. What it throws arrives
 * as the `cause` of the SDK's error.
 * @throws {ModelFailure}
 */
export function checkedFetch(about: About): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual' }).catch((error: unknown) => {
      throw init?.signal?.aborted === true ? error : connectionFailure(error, about);
    });
    if (!response.ok) throw statusFailure(response.status, response.headers, await errorBody(response), about);
    if (/\btext\/html\b/i.test(response.headers.get('content-type') ?? '')) {
      await response.body?.cancel();
      throw pageFailure(about);
    }
    return response;
  };
}

/** What arrives of the body in time; the status alone is enough. */
async function errorBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const timer = setTimeout(() => void reader.cancel(), ERROR_BODY_TIMEOUT_MS);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let read = await reader.read(); !read.done && bytes < MAX_ERROR_BYTES; read = await reader.read()) {
      chunks.push(read.value);
      bytes += read.value.length;
    }
  } catch {
    // The connection broke: what has arrived is shown.
  }
  clearTimeout(timer);
  void reader.cancel().catch(() => undefined);
  return Buffer.concat(chunks).toString('utf8');
}
