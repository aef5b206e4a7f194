import { createHash } from 'node:crypto';
import type { CallAgent } from '../orchestrator/ports/call-agent.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { RetryWhileUnavailable } from '../orchestrator/retry-while-unavailable.ts';

/**
 * The key under which the code of an external CodeAgent is stored. It is no CID, so nothing is served under it. It
 * contains the room, because an external agent may answer every call with the same `cid`, and is a digest, because
 * `cid` may be of any length.
 */
export const externalCodeKey = (roomId: string, cid: string): string =>
  `code:${createHash('sha256').update(`${roomId} ${cid}`).digest('hex')}`;

/**
 * Stores the code that an external CodeAgent answers with, so that the built-in DeployAgent can publish it: DeployAgent
 * receives only the code's CID, and cannot reach what another agent has stored. While the database is unavailable, the
 * answer is held until the code can be stored.
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
