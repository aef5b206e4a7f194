import type { CallAgent, ContentStore } from '../orchestrator/ports.ts';

/** Where the code of a CodeAgent of somebody else's is kept; no CID, so it is served to nobody. */
export const foreignCodeKey = (cid: string): string => `code:${cid}`;

/**
 * Keeps the code that a foreign CodeAgent made, so that the built-in DeployAgent can publish it: DeployAgent is sent
 * nothing but the code's CID, and what that agent keeps elsewhere is out of its reach.
 */
export function keepForeignCode(callAgent: CallAgent, content: Pick<ContentStore, 'put'>): CallAgent {
  return async (call, signal) => {
    const outcome = await callAgent(call, signal);
    if (call.agent !== 'code' || outcome.type === 'failed') return outcome;
    const { code, cid } = outcome.result;
    if (typeof code === 'string' && typeof cid === 'string') {
      const bytes = new TextEncoder().encode(code);
      await content.put(foreignCodeKey(cid), { contentType: 'text/html; charset=utf-8', bytes });
    }
    return outcome;
  };
}
