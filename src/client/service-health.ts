import { setTimeout as delay } from 'node:timers/promises';

const REQUEST_TIMEOUT_MS = 3_000;
const POLL_INTERVAL_MS = 150;

/** What listens at a URL: this service, nothing, or another program. */
export type Listener = 'service' | 'nothing' | 'other-program';

/** Connection errors that mean that nothing listens; any other comes from a program that does not speak HTTP. */
const NOT_LISTENING = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Finds out what listens at a URL. Rejects only when the signal is aborted, with its reason. */
export async function identifyListener(api: URL, signal: AbortSignal): Promise<Listener> {
  try {
    const response = await request(api, '/health/live', signal);
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return isJson && (response.ok || response.status === 503) ? 'service' : 'other-program';
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
    return NOT_LISTENING.includes(String(cause?.code)) ? 'nothing' : 'other-program';
  }
}

/**
 * Resolves when the service is ready.
 * @throws {Error} when it is not ready after `timeoutMs`; the signal's reason when that is aborted
 */
export async function waitUntilReady(api: URL, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isReady(api, signal))) {
    if (performance.now() >= deadline) {
      throw new Error(`The server at ${api.origin} is not ready after ${timeoutMs / 1_000} s.`);
    }
    await delay(POLL_INTERVAL_MS, undefined, { signal });
  }
}

async function isReady(api: URL, signal: AbortSignal): Promise<boolean> {
  try {
    return (await request(api, '/health/ready', signal)).ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function request(api: URL, path: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(new URL(path, api), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    redirect: 'manual',
  });
  await response.body?.cancel();
  return response;
}
