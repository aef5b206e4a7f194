import type { Logger } from 'pino';
import { createKubo } from '../built-in-agents/publish/kubo.ts';
import { checkVercel } from '../built-in-agents/publish/vercel/check-vercel.ts';
import type { PublishingConfig } from '../config/publishing.ts';

const TIMEOUT_MS = 10_000;

/** Logs whether IPFS and Vercel can be used. Nothing waits for this: both may become available later. */
export async function checkPublishing({ ipfsApiUrl, vercel }: PublishingConfig, log: Logger): Promise<void> {
  const check = async (work: (signal: AbortSignal) => Promise<string>) => {
    try {
      log.info(await work(AbortSignal.timeout(TIMEOUT_MS)));
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  };
  if (ipfsApiUrl !== null) {
    const kubo = createKubo(ipfsApiUrl);
    await check(async (signal) => `contents are added to IPFS by Kubo ${await kubo.version(signal)} at ${kubo.url}`);
  }
  if (vercel !== null) {
    await check(async (signal) => {
      await checkVercel(vercel, signal);
      return `pages are deployed to Vercel${vercel.team === null ? '' : ` in the team ${vercel.team}`}`;
    });
  }
}
