import { agentTarget } from './agent-target.ts';

const TIMEOUT_MS = 5_000;

/** Statuses of a server that has no GET /health. Such an agent may work all the same. */
const NO_HEALTH_CHECK: readonly number[] = [404, 405, 501];

export type Probe = {
  /** Null: the agent responds, but has no health check. */
  isHealthy: boolean | null;
  /** What is wrong, for a person and without the URL's password; null when the agent is healthy. */
  problem: string | null;
};

/** Probes whether an agent is healthy: GET /health must respond with 200 within 5 s. */
export async function probeAgent(url: string): Promise<Probe> {
  const target = agentTarget(url, '/health');
  try {
    const response = await fetch(target.url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: target.authorization === null ? {} : { Authorization: target.authorization },
    });
    await response.body?.cancel();
    const { status } = response;
    if (status === 200) return { isHealthy: true, problem: null };
    const problem = `${target.label} responded to GET /health with ${status}`;
    return { isHealthy: NO_HEALTH_CHECK.includes(status) ? null : false, problem };
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = reason instanceof Error ? reason.message : String(reason);
    return { isHealthy: false, problem: `${target.label} did not respond to GET /health (${detail})` };
  }
}
