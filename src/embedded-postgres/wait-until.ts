import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither null, undefined nor false.
 * @param everyMs pause between two questions, by default 20.
 * @returns that answer, or null when `timeoutMs` have passed. What `ask` throws ends the waiting.
 */
export async function waitUntil<T>(
  ask: () => Promise<T | null | undefined | false>,
  timeoutMs: number,
  everyMs = 20,
): Promise<T | null> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) return null;
    await sleep(everyMs);
  }
}
