import { setTimeout as delay } from 'node:timers/promises';

const ANSWER_WITHIN_MS = 3_000;
const ASK_EVERY_MS = 150;

/** What is found at an address: this service, nothing, or a program that is not this service. */
export type Finding = 'server' | 'nothing' | 'stranger';

/** Errors of connecting that say that nobody listens; others come from a program that speaks something else. */
const NOBODY = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Never rejects, but when the signal is aborted: with its reason. */
export async function findServer(api: URL, signal: AbortSignal): Promise<Finding> {
  try {
    const answer = await ask(api, '/health/live', signal);
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return isJson && (answer.ok || answer.status === 503) ? 'server' : 'stranger';
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
    return NOBODY.includes(String(cause?.code)) ? 'nothing' : 'stranger';
  }
}

/**
 * Settles when the server can work.
 * @throws {Error} when it cannot after `patienceMs`; the signal's reason when that is aborted
 */
export async function waitUntilReady(api: URL, patienceMs: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await isReady(api, signal))) {
    if (performance.now() >= giveUpAt) {
      throw new Error(`The server at ${api.origin} is not ready after ${patienceMs / 1_000} s.`);
    }
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
}

async function isReady(api: URL, signal: AbortSignal): Promise<boolean> {
  try {
    return (await ask(api, '/health/ready', signal)).ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function ask(api: URL, path: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(new URL(path, api), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    redirect: 'manual',
  });
  await answer.body?.cancel();
  return answer;
}
