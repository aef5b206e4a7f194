import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedPage } from '../deploy-page.ts';

const TIMEOUT_MS = 10_000;
/** A new deployment may need a moment until it is found everywhere. */
const TRIES = 3;

/** Finds out whether visitors see the page at a URL: a login in front of it answers instead, or redirects. */
export async function visibilityOf(
  url: string,
  page: Uint8Array,
  { signal, pauseMs }: { signal: AbortSignal; pauseMs: number },
): Promise<DeployedPage['visibility']> {
  for (let tries = 1; ; tries += 1) {
    const found = await look(url, page, signal);
    if (found !== 'unknown' || tries === TRIES) return found;
    await sleep(pauseMs, undefined, { signal });
  }
}

/** A host may add something of its own to a page; a login is another page, with another title. */
function isSame(seen: Uint8Array, page: Uint8Array): boolean {
  if (Buffer.compare(seen, page) === 0) return true;
  const [title] = /<title>[^<]+<\/title>/i.exec(Buffer.from(page).toString('utf8')) ?? [];
  return title !== undefined && Buffer.from(seen).includes(title);
}

async function look(url: string, page: Uint8Array, signal: AbortSignal): Promise<DeployedPage['visibility']> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Accept: 'text/html', 'User-Agent': 'hauntedai-orchestrator' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.status === 404 || response.status >= 500) return 'unknown';
    return response.status === 200 && isSame(body, page) ? 'public' : 'protected';
  } catch {
    signal.throwIfAborted();
    return 'unknown';
  }
}
