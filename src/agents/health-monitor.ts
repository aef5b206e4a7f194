import type { AgentHealth } from '../orchestrator/ports/agents.ts';
import { probeAgent } from './agent-health.ts';

/** A check is made when somebody asks and the last one is older than this. Nobody asks: no check is made. */
const MAX_AGE_MS = 5_000;
/** Older than this, the last check says little: whoever asks waits for the next one … */
const TOO_OLD_MS = 30_000;
/** … but not longer than this. */
const MAX_WAIT_MS = 1_000;

/** Checks an agent's health as often as somebody asks, but not more often than every five seconds. */
export function createHealthMonitor(url: string, probe = probeAgent): () => Promise<AgentHealth | null> {
  let latest: AgentHealth | null = null;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let check: Promise<void> | null = null;

  async function makeCheck(): Promise<void> {
    const checkedAt = new Date();
    const startedAtMs = performance.now();
    const { isHealthy, problem } = await probe(url);
    const unhealthySince = isHealthy === false ? (latest?.unhealthySince ?? checkedAt) : null;
    checkedAtMs = performance.now();
    const latencyMs = checkedAtMs - startedAtMs;
    latest = { isHealthy, problem: isHealthy === false ? problem : null, unhealthySince, checkedAt, latencyMs };
    check = null;
  }

  return async () => {
    const ageMs = performance.now() - checkedAtMs;
    if (ageMs > MAX_AGE_MS) check ??= makeCheck();
    if (ageMs > TOO_OLD_MS && check !== null) await settledWithin(check, MAX_WAIT_MS);
    return latest;
  };
}

async function settledWithin(promise: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  await Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
