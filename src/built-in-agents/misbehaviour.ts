import { setTimeout as sleep } from 'node:timers/promises';

/** How a built-in agent misbehaves, for tests and demos. GET /health is always answered well. */
export type AgentBehaviour = {
  /** Waits so long before each answer, in ms. @default 0 */
  delayMs?: number;
  /** Answers 503 to so many calls under each Idempotency-Key before it works. @default 0 */
  failTimes?: number;
  /** Takes calls and never answers. @default false */
  hang?: boolean;
  /** Answers 200 with something that is not JSON. @default false */
  garbage?: boolean;
};

/** What becomes of a call: `hang` means that nothing is sent, ever. */
export type Fate = 'work' | 'fail' | 'hang' | 'garbage';

/** Keys remembered at most; the oldest are forgotten first. */
const MAX_KEYS = 10_000;

/** Decides each call's fate, after the delay. The function rejects when the signal aborts. */
export function createFates({ delayMs = 0, failTimes = 0, hang = false, garbage = false }: AgentBehaviour = {}) {
  const failures = new Map<string, number>();
  return async (idempotencyKey: string, signal: AbortSignal): Promise<Fate> => {
    if (hang) return 'hang';
    if (delayMs > 0) await sleep(delayMs, undefined, { signal });
    const failed = failures.get(idempotencyKey) ?? 0;
    if (failed < failTimes) {
      const [oldest] = failures.keys();
      if (failures.size >= MAX_KEYS && oldest !== undefined) failures.delete(oldest);
      failures.set(idempotencyKey, failed + 1);
      return 'fail';
    }
    return garbage ? 'garbage' : 'work';
  };
}
