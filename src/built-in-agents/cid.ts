import { importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/** Blocks are discarded: the bytes are stored whole, and only their CID is needed. */
const DISCARD = { put: <T>(cid: T): T => cid };

/** The CID that `ipfs add --cid-version=1` gives to these bytes: raw leaves of 256 KiB, 174 links per node, SHA-256. */
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
