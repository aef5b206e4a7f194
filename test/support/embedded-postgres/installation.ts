import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findPlatformPackage } from '../../../src/embedded-postgres/binaries.ts';
import { SOURCES } from './child-process.ts';

/** The module under test with its packages, installed in a separate folder as npm does with install scripts disabled. */
export type Installation = {
  /** The module that exports `startEmbeddedPostgres`. */
  module: string;
  /** The folder of the installation. */
  folder: string;
  /** The folder of the native libraries. */
  lib: string;
  /** The links between the native libraries, which only the install script creates. */
  links: string[];
  /** Undoes what a test did: removes the links and makes the folders readable for everybody. */
  reset(): Promise<void>;
};

/** Installs the module under test into `folder`. */
export async function installWithoutScripts(folder: string): Promise<Installation> {
  const { native } = await findPlatformPackage();
  const packages = join(folder, 'node_modules');
  const copy = join(packages, '@embedded-postgres', `${process.platform}-${process.arch}`);
  const lib = join(copy, 'native', 'lib');

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await cp(dirname(fileURLToPath(SOURCES)), join(folder, 'src'), { recursive: true });
  for (const name of ['postgres', 'embedded-postgres']) {
    await cp(installedPackage(name), join(packages, name), { recursive: true });
  }
  await cp(dirname(native), copy, { recursive: true, verbatimSymlinks: true });

  const list = await readFile(join(copy, 'native', 'pg-symlinks.json'), 'utf8');
  const links = (JSON.parse(list) as { target: string }[]).map(({ target }) => join(copy, target));
  const reset = async (): Promise<void> => {
    await chmod(folder, 0o755);
    await chmod(lib, 0o755);
    for (const link of links) await rm(link, { force: true });
  };
  return { module: pathToFileURL(join(folder, 'src', 'index.ts')).href, folder, lib, links, reset };
}

/** The folder of an installed package. */
function installedPackage(name: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  const folder = `/node_modules/${name}`;
  return file.slice(0, file.lastIndexOf(`${folder}/`) + folder.length);
}
