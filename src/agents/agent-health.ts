import { agentTarget } from './agent-target.ts';

const ANSWER_WITHIN_MS = 5_000;

/**
 * Asks an agent whether it can work: GET /health, 200 within 5 s.
 * @returns what is wrong, for a person and without the URL's password; null when nothing is.
 */
export async function agentTrouble(url: string): Promise<string | null> {
  const target = agentTarget(url, '/health');
  try {
    const response = await fetch(target.url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: target.authorization === null ? {} : { Authorization: target.authorization },
    });
    await response.body?.cancel();
    return response.status === 200 ? null : `${target.label} answers GET /health with ${response.status}`;
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${target.label} does not answer GET /health (${reason instanceof Error ? reason.message : String(reason)})`;
  }
}
