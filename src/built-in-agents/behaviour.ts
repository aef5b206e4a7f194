import { setTimeout as sleep } from 'node:timers/promises';

/** How a built-in agent misbehaves, for tests and demos. GET /health always works. */
export type AgentBehaviour = {
  /** Wait before each answer, in ms. @default 0 */
  delayMs?: number;
  /** Number of calls per Idempotency-Key that are answered with 503. @default 0 */
  failTimes?: number;
  /** Accepts calls and never answers. @default false */
  hang?: boolean;
  /** Answers 200 with a body that is not JSON. @default false */
  garbage?: boolean;
};

/** What to do with a call. `hang` sends nothing, ever. */
export type Reaction = 'work' | 'fail' | 'hang' | 'garbage';

/** Limit on remembered keys; the oldest are forgotten first. */
const MAX_KEYS = 10_000;

/** Chooses the reaction to each call, after the delay. The returned function rejects when the signal is aborted. */
export function createReactions({ delayMs = 0, failTimes = 0, hang = false, garbage = false }: AgentBehaviour = {}) {
  const failures = new Map<string, number>();
  return async (idempotencyKey: string, signal: AbortSignal): Promise<Reaction> => {
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
