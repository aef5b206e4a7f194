import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Content, ContentStore } from '../orchestrator/ports/content.ts';
import { unlessMissing, writeWhole } from './files.ts';

/** The longest content type that is read; a longer first line means that another program wrote the file. */
const MAX_TYPE_BYTES = 256;

/** The folder cannot be used. The message is one line for the operator. */
class FolderError extends Error {
  override readonly name = 'FolderError';
}

/**
 * Contents in the files of a folder, for an agent that runs without the service's database. Several processes, also on
 * several machines, may share the folder. Each file has the content type in its first line, followed by the bytes: so
 * one rename makes both visible together, and a crash leaves no half-written content behind.
 * @param folder is created if it does not exist
 * @throws {FolderError}
 */
export async function openFolderContents(folder: string): Promise<ContentStore> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { message } = error as Error;
    throw new FolderError(`The folder ${folder} cannot be used (${message}). Set --data or DATA_DIR to another one.`);
  }
  return {
    put: (cid, { contentType, bytes }) =>
      writeWhole(folder, fileNameOf(cid), Buffer.concat([Buffer.from(`${contentType}\n`), bytes])),
    async get(cid) {
      const file = await unlessMissing(readFile(join(folder, fileNameOf(cid))));
      return file && parse(file);
    },
  };
}

/** A CID is its own file name. Any other key may contain anything, so its digest stands in for it. */
function fileNameOf(key: string): string {
  return /^[a-z0-9]{1,128}$/.test(key) ? key : `_${createHash('sha256').update(key).digest('hex')}`;
}

function parse(file: Buffer): Content | null {
  const end = file.subarray(0, MAX_TYPE_BYTES).indexOf('\n');
  if (end < 0) return null;
  return { contentType: file.subarray(0, end).toString('utf8'), bytes: file.subarray(end + 1) };
}
