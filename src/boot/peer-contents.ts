import { agentTarget } from '../agents/agent-target.ts';
import { cidOf } from '../built-in-agents/cid.ts';
import { TemporaryFailure } from '../built-in-agents/define-agent.ts';
import { PeerUnavailable, withPeerContents } from '../contents/peer-contents.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';

/**
 * What the built-in agents load: what `own` lacks may be on the machine of another agent, which serves it as this process
 * does. If that one is unreachable, the call may be repeated.
 * @param urls the base URLs of the other agents, which may contain user and password
 */
export function withAgentsContents(own: ContentStore, urls: readonly string[]): ContentStore {
  const peersOf = (cid: string) => urls.map((url) => agentTarget(url, `/deployments/${cid}/`));
  const { put, get } = withPeerContents(own, peersOf, cidOf);
  return {
    put,
    get: (cid) =>
      get(cid).catch((error: unknown) => {
        throw error instanceof PeerUnavailable ? new TemporaryFailure(error.message) : error;
      }),
  };
}
