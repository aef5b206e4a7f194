import type { Deliveries } from '../../orchestrator/deliveries.ts';
import type { ContentStore } from '../../orchestrator/ports/content.ts';
import type { PublishContent } from '../../orchestrator/ports/publish-content.ts';
import { CID_PROFILE } from '../cid.ts';
import type { Kubo } from './kubo.ts';

/** How long a step waits for the node. After that, the content is added in the background. */
const STEP_TIMEOUT_MS = 5_000;

/** The CID that the node gave; null: the content was removed before it could be added. */
export type AddedToIpfs = { ipfsCid: string | null };

/** Adds what is stored under a CID. */
export function createAddToIpfs(content: Pick<ContentStore, 'get'>, kubo: Kubo) {
  return async (cid: string, signal: AbortSignal): Promise<AddedToIpfs> => {
    const found = await content.get(cid);
    return { ipfsCid: found === null ? null : await kubo.add(found.bytes, signal) };
  };
}

/** A warning if the node gave another CID: the content is there, but links with ours do not find it. */
export function mismatch(cid: string, { ipfsCid }: AddedToIpfs): string | null {
  if (ipfsCid === null || ipfsCid === cid) return null;
  return (
    `IPFS gave another CID: ${ipfsCid} instead of ${cid}. The node did not follow the profile ${CID_PROFILE.name}, ` +
    'so links with the expected CID do not work on IPFS'
  );
}

/** Adds stored content to IPFS, now or later. A node that is down does not make it reject. */
export function createPublishToIpfs(deliveries: Pick<Deliveries<AddedToIpfs>, 'add'>): PublishContent {
  return async (cid, signal) => {
    const outcome = await deliveries.add(cid, AbortSignal.any([signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]));
    // The caller has left: there is no log to write to.
    signal.throwIfAborted();
    if (outcome.type === 'failed') {
      return { level: 'warn', message: `Stored; ${outcome.error.message}. It will be added later`, metadata: { cid } };
    }
    const warning = mismatch(cid, outcome.result);
    const metadata = { cid, ipfsCid: outcome.result.ipfsCid };
    return warning === null
      ? { level: 'info', message: 'Added to IPFS', metadata }
      : { level: 'warn', message: warning, metadata };
  };
}
