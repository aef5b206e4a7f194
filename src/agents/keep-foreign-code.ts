import { createHash } from 'node:crypto';
import type { CallAgent, ContentStore } from '../orchestrator/ports.ts';
import type { WhenAvailable } from '../orchestrator/when-available.ts';

/**
 * Where the code of a CodeAgent of somebody else's is kept; no CID, so it is served to nobody. A digest, since that
 * agent's `cid` is a string of any length, and a key is not.
 */
export const foreignCodeKey = (cid: string): string => `code:${createHash('sha256').update(cid).digest('hex')}`;

/**
 * Keeps the code that a foreign CodeAgent made, so that the built-in DeployAgent can publish it: DeployAgent is sent
 * nothing but the code's CID, and what that agent keeps elsewhere is out of its reach. An answer that comes while the
 * database is away waits for it.
 */
export function keepForeignCode(
  callAgent: CallAgent,
  content: Pick<ContentStore, 'put'>,
  whenAvailable: WhenAvailable,
): CallAgent {
  return async (call, signal) => {
    const outcome = await callAgent(call, signal);
    if (call.agent !== 'code' || outcome.type === 'failed') return outcome;
    const { code, cid } = outcome.result;
    if (typeof code === 'string' && typeof cid === 'string') {
      const bytes = new TextEncoder().encode(code);
      const page = { contentType: 'text/html; charset=utf-8', bytes };
      await whenAvailable(() => content.put(foreignCodeKey(cid), page), signal);
    }
    return outcome;
  };
}
