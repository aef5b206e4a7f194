import { MAX_TIMER_MS } from '../../orchestrator/domain/retry-policy.ts';

/**
 * Calls `action` at the instant `expiresAtMs` (ms since the epoch), which may be further away than a timer can wait. An
 * instant in the past counts as now. The timer does not keep the process running.
 * @returns cancels the call
 */
export function atExpiry(expiresAtMs: number, action: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = Math.max(expiresAtMs - Date.now(), 0);
    timer = setTimeout(leftMs > MAX_TIMER_MS ? wait : action, Math.min(leftMs, MAX_TIMER_MS)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
