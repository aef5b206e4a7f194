import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Writes each file of assets/ compressed as well, so that the server never compresses.
 * @param quality of brotli, up to 11, which is the default
 */
export function compress({ quality = constants.BROTLI_MAX_QUALITY } = {}): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const folder = join(dir, 'assets');
      for (const name of await readdir(folder)) {
        const content = await readFile(join(folder, name));
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: quality,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
        };
        await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(content, { params }));
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
      }
    },
  };
}
