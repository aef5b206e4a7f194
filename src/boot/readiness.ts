import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HealthReport } from '../server/server-options.ts';

/**
 * Settles to null if the part works, else to the reason: a few plain words for the operator, without secrets and
 * addresses, since anyone may request the report. One that rejects counts as unavailable.
 */
export type ReadinessCheck = () => Promise<string | null>;

/** A part that takes longer to answer is not ready. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * Reports whether every part works, with the reasons why not: `{ reasons: { database: 'unavailable' } }`. Each change is
 * logged once.
 */
export function createReadiness(
  checks: Readonly<Record<string, ReadinessCheck>>,
  log: Pick<Logger, 'info' | 'warn'>,
): () => Promise<HealthReport> {
  const known = new Map<string, string>();
  /** The parts that have been ready before. */
  const wereReady = new Set<string>();

  function report(part: string, reason: string | null): void {
    const isChange = (known.get(part) ?? null) !== reason;
    if (reason === null) {
      if (isChange) log.info({ part }, `${part} is ready${wereReady.has(part) ? ' again' : ''}`);
      known.delete(part);
      wereReady.add(part);
    } else if (isChange) {
      known.set(part, reason);
      log.warn({ part, reason }, `this process is not ready: ${part}: ${reason}`);
    }
  }

  return async () => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([part, check]) => [part, await reasonOf(check)] as const),
    );
    for (const [part, reason] of results) report(part, reason);
    const failed = results.filter(([, reason]) => reason !== null);
    return failed.length === 0 ? { ok: true } : { ok: false, details: { reasons: Object.fromEntries(failed) } };
  };
}

async function reasonOf(check: ReadinessCheck): Promise<string | null> {
  const timeout = new AbortController();
  const late = sleep(CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS / 1_000} s`, {
    ref: false,
    signal: timeout.signal,
  }).catch(() => null);
  try {
    return await Promise.race([check(), late]);
  } catch {
    return 'unavailable';
  } finally {
    timeout.abort();
  }
}
