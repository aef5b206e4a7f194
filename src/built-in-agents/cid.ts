import { importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/** The blocks are not kept: the bytes are, whole, and the CID vouches for them. */
const DISCARD = { put: <T>(cid: T): T => cid };

/** The CID that `ipfs add --cid-version=1` gives these bytes: raw leaves of 256 KiB, 174 links a node, SHA-256. */
export async function cidOf(bytes: Uint8Array): Promise<string> {
  const { cid } = await importFile({ content: bytes }, DISCARD, {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: 256 * 1024 }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  });
  return cid.toString();
}
