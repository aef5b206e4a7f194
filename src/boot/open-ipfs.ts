import type { Logger } from 'pino';
import { createKubo } from '../built-in-agents/publish/kubo.ts';
import {
  type AddedToIpfs,
  createAddToIpfs,
  createPublishToIpfs,
  mismatch,
} from '../built-in-agents/publish/publish-to-ipfs.ts';
import { createDeliveries } from '../orchestrator/deliveries.ts';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { Outbox } from '../orchestrator/ports/outbox.ts';
import type { PublishContent } from '../orchestrator/ports/publish-content.ts';

export type Ipfs = {
  publish: PublishContent;
  /** Adds in the background what could not be added at once, until it is stopped. */
  start(): Promise<{ stop(): Promise<void> }>;
};

/** What the built-in agents store is added to IPFS too; what waits for the node is in the outbox. */
export function openIpfs(
  apiUrl: string,
  { outbox, content, log }: { outbox: Outbox; content: ContentStore; log: Logger },
): Ipfs {
  const deliveries = createDeliveries<AddedToIpfs>({
    outbox,
    deliver: createAddToIpfs(content, createKubo(apiUrl)),
    onAttempt({ key: cid, attempt }, outcome) {
      if (outcome.type === 'failed') {
        const { error, delayMs } = outcome;
        if (delayMs === null) {
          log.error({ cid, attempt }, `${error.message}; the next start tries again`);
        } else {
          log.warn({ cid, attempt, delayMs }, `${error.message}; trying again`);
        }
        return;
      }
      const warning = mismatch(cid, outcome.result);
      if (warning === null) log.info({ cid, attempt }, 'added to IPFS');
      else log.warn({ cid, attempt }, warning);
    },
    onError: (error) =>
      log.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        'the list of contents to add to IPFS cannot be read; retrying',
      ),
  });
  return {
    publish: createPublishToIpfs(deliveries),
    async start() {
      const revived = await outbox.revive();
      if (revived > 0) log.info(`retrying ${revived} contents that could not be added to IPFS before`);
      return deliveries.start();
    },
  };
}
