import { agentTarget } from './agent-target.ts';

const TIMEOUT_MS = 5_000;

/**
 * Probes whether an agent is healthy: GET /health must respond with 200 within 5 s.
 * @returns what is wrong, for a person and without the URL's password; null when the agent is healthy.
 */
export async function probeAgent(url: string): Promise<string | null> {
  const target = agentTarget(url, '/health');
  try {
    const response = await fetch(target.url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: target.authorization === null ? {} : { Authorization: target.authorization },
    });
    await response.body?.cancel();
    return response.status === 200 ? null : `${target.label} responded to GET /health with ${response.status}`;
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${target.label} did not respond to GET /health (${reason instanceof Error ? reason.message : String(reason)})`;
  }
}
