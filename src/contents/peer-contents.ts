import { CID } from 'multiformats/cid';
import type { Content, ContentStore } from '../orchestrator/ports/content.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** Statuses after which the same request may succeed. After any other the peer does not have it, or serves no content. */
const TEMPORARY: readonly number[] = [429, 502, 503, 504];

/** Where one peer serves a content. */
export type PeerRequest = { url: string; label: string; authorization: string | null };

/** A content was not found, and a peer that may have it could not be asked. */
export class PeerUnavailable extends Error {
  override readonly name = 'PeerUnavailable';
}

/**
 * Adds the contents of other machines to a store: what it lacks is asked of all peers at once. A CID identifies the
 * bytes, so an answer counts only if its bytes have this CID: peers need not be trusted, and a sign-in page of a proxy is
 * not taken for the content.
 * @param peers where each peer serves a CID
 */
export function withPeerContents(
  own: ContentStore,
  peers: (cid: string) => readonly PeerRequest[],
  cidOf: (bytes: Uint8Array) => Promise<string>,
): ContentStore {
  return {
    put: own.put,
    async get(key) {
      const found = await own.get(key);
      const cid = found === null ? parseCid(key) : null;
      if (cid === null) return found;
      try {
        return await Promise.any(peers(cid).map((peer) => ask(peer, cid, cidOf)));
      } catch (error) {
        const problems = (error as AggregateError).errors.filter((each) => each instanceof PeerUnavailable);
        if (problems.length === 0) return null;
        const reasons = problems.map(({ message }) => message).join('; ');
        throw new PeerUnavailable(`${cid} is not stored here, and ${reasons}`);
      }
    },
  };
}

/** @throws {PeerUnavailable} the peer could not be asked; another Error: it does not have the content */
async function ask(peer: PeerRequest, cid: string, cidOf: (bytes: Uint8Array) => Promise<string>): Promise<Content> {
  const response = await request(peer);
  if (response.status !== 200) {
    await response.body?.cancel();
    if (!TEMPORARY.includes(response.status)) throw new Error('not there');
    throw new PeerUnavailable(`${peer.label} responded with ${response.status}`);
  }
  const bytes = await readAll(response, peer);
  if (bytes === null || (await cidOf(bytes)) !== cid) throw new Error('other content');
  return { contentType: response.headers.get('content-type') ?? 'application/octet-stream', bytes };
}

async function request({ url, label, authorization }: PeerRequest): Promise<Response> {
  const headers = authorization === null ? {} : { Authorization: authorization };
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), headers });
  } catch (error) {
    throw unavailable(label, error);
  }
}

/** Null when the body is too large. */
async function readAll(response: Response, { label }: PeerRequest): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) return null;
      chunks.push(chunk);
    }
  } catch (error) {
    throw unavailable(label, error);
  }
  return Buffer.concat(chunks);
}

function unavailable(label: string, error: unknown): PeerUnavailable {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const detail = reason instanceof Error ? reason.message : String(reason);
  return new PeerUnavailable(`${label} could not be asked (${detail})`, { cause: error });
}

/** The form in which CIDs are stored; null if `key` is not a CID. */
function parseCid(key: string): string | null {
  try {
    return CID.parse(key).toV1().toString();
  } catch {
    return null;
  }
}
