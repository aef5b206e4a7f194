import { createVercelApi, type VercelSettings } from './vercel-api.ts';

/**
 * Checks that the token may be used for the team.
 * @throws {Refusal | TemporaryFailure} whose message says what to do
 */
export async function checkVercel(settings: VercelSettings, signal: AbortSignal): Promise<void> {
  await createVercelApi(settings)({ method: 'GET', path: '/v6/deployments', query: { limit: '1' }, signal });
}
