import { readdir, readFile } from 'node:fs/promises';

export type Encoding = 'br' | 'gzip' | 'identity';
export type Asset = { contentType: string; bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer } };

/** What `npm run build:page` wrote, in memory. */
export type BuiltPage = {
  /** index.html */
  html: string;
  /** By name, without the folder. A name contains a hash of the content. */
  assets: ReadonlyMap<string, Asset>;
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
};

/** Null if the page has not been built. */
export async function readBuiltPage(folder: URL): Promise<BuiltPage | null> {
  try {
    const html = await readFile(new URL('index.html', folder), 'utf8');
    const names = await readdir(new URL('assets/', folder));
    const entries = names.flatMap((name) => {
      const contentType = CONTENT_TYPES[name.split('.').at(-1) ?? ''];
      return contentType === undefined ? [] : [readAsset(new URL('assets/', folder), name, contentType, names)];
    });
    return { html, assets: new Map(await Promise.all(entries)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Reads the page at the first visit, and keeps it in memory. */
export function keepBuiltPage(read: () => Promise<BuiltPage | null>): () => Promise<BuiltPage | null> {
  let built: Promise<BuiltPage | null> | undefined;
  return async () => {
    built ??= read();
    const page = await built.catch(() => null);
    // Looked for again at the next visit, so that building it needs no restart.
    if (page === null) built = undefined;
    return page;
  };
}

async function readAsset(
  folder: URL,
  name: string,
  contentType: string,
  names: readonly string[],
): Promise<[string, Asset]> {
  const compressed = async (suffix: string) =>
    names.includes(name + suffix) ? readFile(new URL(name + suffix, folder)) : undefined;
  const [identity, br, gzip] = await Promise.all([
    readFile(new URL(name, folder)),
    compressed('.br'),
    compressed('.gz'),
  ]);
  return [name, { contentType, bodies: { identity, ...(br && { br }), ...(gzip && { gzip }) } }];
}
