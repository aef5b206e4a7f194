import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { run } from './programs.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The packed package, and a project outside the repository in which it is installed along with Node's types only. */
export type Installed = { tarball: string; folder: string };

declare module 'vitest' {
  interface ProvidedContext {
    installed: Installed;
  }
}

/** Packs and installs the package once for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = await mkdtemp(join(tmpdir(), 'orchestrator-package-'));
  const remove = () => rm(parent, { recursive: true, force: true });
  try {
    await chmod(parent, 0o755); // the embedded PostgreSQL may run as another user
    project.provide('installed', await install(parent));
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function install(parent: string): Promise<Installed> {
  // Checked first, because `npm install` retries an unreachable registry for minutes.
  await npm(['view', '--prefer-offline', '--fetch-retries=0', '@types/node', 'name'], parent).catch(
    (cause: unknown) => {
      throw new Error('test:package needs the npm registry, to install the dependencies of the packed package', {
        cause,
      });
    },
  );
  await npm(['pack', '--pack-destination', parent], ROOT);
  const tarball = join(parent, (await readdir(parent)).find((name) => name.endsWith('.tgz')) ?? '');
  return { tarball, folder: await makeProject(join(parent, 'user'), tarball, ['@types/node']) };
}

/** Creates a project with the tarball and these packages, in the repository's versions. @returns `folder` */
export async function makeProject(folder: string, tarball: string, names: readonly string[]): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n');
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const versions: Record<string, string> = { ...dependencies, ...devDependencies };
  await npm(['install', '--prefer-offline', tarball, ...names.map((name) => `${name}@${versions[name]}`)], folder);
  return folder;
}

function npm(args: string[], cwd: string): Promise<string> {
  return run('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: registrySettings() });
}

/** The environment with the registry's settings, but without what `npm run` adds about the package it runs in. */
function registrySettings(): NodeJS.ProcessEnv {
  const ofThisRun = /^npm_(?!config_)|^npm_config_(local_|global_)?prefix$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)));
}
