import { MAX_TIMER_MS } from '../orchestrator/domain/retry-policy.ts';

/**
 * Calls `action` once it is `atMs` (ms since the epoch), however far off that is; at the next turn when it has passed.
 * It does not keep the process running.
 * @returns what calls it off
 */
export function whenDue(atMs: number, action: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = Math.max(atMs - Date.now(), 0);
    timer = setTimeout(leftMs > MAX_TIMER_MS ? wait : action, Math.min(leftMs, MAX_TIMER_MS)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
