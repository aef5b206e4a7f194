import type { Logger } from 'pino';
import { createKubo } from '../built-in-agents/publish/kubo.ts';
import { checkVercel } from '../built-in-agents/publish/vercel/check-vercel.ts';
import type { PublishingConfig } from '../config/publishing.ts';

const TIMEOUT_MS = 10_000;

/** Checks of what is configured. Each settles to a message about how it is used, or rejects with what to do. */
export type PublishingChecks = { ipfs: (() => Promise<string>) | null; vercel: (() => Promise<string>) | null };

export function publishingChecks({ ipfsApiUrl, vercel }: PublishingConfig): PublishingChecks {
  return {
    ipfs:
      ipfsApiUrl === null
        ? null
        : async () => {
            const kubo = createKubo(ipfsApiUrl);
            const version = await kubo.version(AbortSignal.timeout(TIMEOUT_MS));
            return `content is added to IPFS by Kubo ${version} at ${kubo.url}`;
          },
    vercel:
      vercel === null
        ? null
        : async () => {
            await checkVercel(vercel, AbortSignal.timeout(TIMEOUT_MS));
            return `pages are deployed to Vercel${vercel.team === null ? '' : ` in the team ${vercel.team}`}`;
          },
  };
}

/** Logs whether IPFS and Vercel can be used. Nothing waits for this: both may become available later. */
export async function checkPublishing(config: PublishingConfig, log: Logger): Promise<void> {
  const { ipfs, vercel } = publishingChecks(config);
  for (const check of [ipfs, vercel]) {
    if (check === null) continue;
    try {
      log.info(await check());
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  }
}
