import { type CIDProfile, importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/**
 * How bytes become a CID: the profile by its name in IPIP-499, and what it consists of. A node is sent these values, so
 * that it gives the same CID whatever its own defaults are.
 */
export const CID_PROFILE = {
  name: 'unixfs-v1-2025' satisfies CIDProfile,
  cidVersion: 1,
  rawLeaves: true,
  chunkBytes: 1024 * 1024,
  maxLinksPerNode: 1024,
  hash: 'sha2-256',
} as const;

/** Blocks are discarded: the bytes are stored whole, and only their CID is needed. */
const DISCARD = { put: <T>(cid: T): T => cid };

/** The CID of these bytes as a file under `CID_PROFILE`. Up to 1 MiB, it is that of one raw block. */
export async function cidOf(bytes: Uint8Array): Promise<string> {
  const { name, cidVersion, rawLeaves, chunkBytes, maxLinksPerNode } = CID_PROFILE;
  const { cid } = await importFile({ content: bytes }, DISCARD, {
    profile: name,
    cidVersion,
    rawLeaves,
    reduceSingleLeafToSelf: true,
    // The importer takes chunks from `profile` only without these.
    chunker: fixedSize({ chunkSize: chunkBytes }),
    layout: balanced({ maxChildrenPerNode: maxLinksPerNode }),
  });
  return cid.toString();
}
