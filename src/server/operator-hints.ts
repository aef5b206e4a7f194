import type { ServerLog } from './server-options.ts';

/** Warns about a client or proxy that speaks something else than this server. Messages are constants. */
export type WarnOperator = (message: string) => void;

/** One client that does not give up could fill the log: each message is logged once per interval. */
const INTERVAL_MS = 10 * 60 * 1_000;

export function createOperatorHints(log: ServerLog, intervalMs = INTERVAL_MS): WarnOperator {
  const warnedAt = new Map<string, number>();
  return (message) => {
    const now = performance.now();
    if (now - (warnedAt.get(message) ?? Number.NEGATIVE_INFINITY) < intervalMs) return;
    warnedAt.set(message, now);
    log.warn({}, message);
  };
}
