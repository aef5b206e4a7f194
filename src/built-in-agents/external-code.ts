import { createHash } from 'node:crypto';
import type { CallAgent } from '../orchestrator/ports/agents.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { RetryWhileUnavailable } from '../orchestrator/retry-while-unavailable.ts';

/**
 * Where the code of a CodeAgent of somebody else's is kept; no CID, so it is served to nobody. By room, so that an
 * agent whose `cid` is always the same shows nobody another's page. A digest, since `cid` is a string of any length.
 */
export const externalCodeKey = (roomId: string, cid: string): string =>
  `code:${createHash('sha256').update(`${roomId} ${cid}`).digest('hex')}`;

/**
 * Keeps the code that a foreign CodeAgent made, so that the built-in DeployAgent can publish it: DeployAgent is sent
 * nothing but the code's CID, and what that agent keeps elsewhere is out of its reach. An answer that comes while the
 * database is away waits for it.
 */
export function storeExternalCode(
  callAgent: CallAgent,
  content: Pick<ContentStore, 'put'>,
  retryWhileUnavailable: RetryWhileUnavailable,
): CallAgent {
  return async (call, signal) => {
    const outcome = await callAgent(call, signal);
    if (call.agent !== 'code' || outcome.type === 'failed') return outcome;
    const { code, cid } = outcome.result;
    const { roomId } = call.input;
    if (typeof code === 'string' && typeof cid === 'string' && typeof roomId === 'string') {
      const bytes = new TextEncoder().encode(code);
      const page = { contentType: 'text/html; charset=utf-8', bytes };
      await retryWhileUnavailable(() => content.put(externalCodeKey(roomId, cid), page), signal);
    }
    return outcome;
  };
}
