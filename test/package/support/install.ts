import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { run } from './run.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The packed package, and a project outside the repository that has it installed, with Node's types and nothing else. */
export type Installed = { tarball: string; folder: string };

declare module 'vitest' {
  interface ProvidedContext {
    installed: Installed;
  }
}

/** Once for the whole run: without it there is nothing to test. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const place = await mkdtemp(join(tmpdir(), 'orchestrator-package-'));
  const remove = () => rm(place, { recursive: true, force: true });
  try {
    await chmod(place, 0o755); // the embedded PostgreSQL's user must get in
    project.provide('installed', await install(place));
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function install(place: string): Promise<Installed> {
  // Asked first, and once: installing would try for minutes.
  await npm(['view', '--prefer-offline', '--fetch-retries=0', '@types/node', 'name'], place).catch((cause: unknown) => {
    throw new Error('test:package needs the package registry, to install what it packed', { cause });
  });
  await npm(['pack', '--pack-destination', place], ROOT);
  const tarball = join(place, (await readdir(place)).find((name) => name.endsWith('.tgz')) ?? '');
  return { tarball, folder: await makeProject(join(place, 'reader'), tarball, ['@types/node']) };
}

/** A project with the tarball and with these packages, each in the version that the repository has. @returns `folder` */
export async function makeProject(folder: string, tarball: string, names: readonly string[]): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "reader", "private": true, "type": "module" }\n');
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const versions: Record<string, string> = { ...dependencies, ...devDependencies };
  await npm(['install', '--prefer-offline', tarball, ...names.map((name) => `${name}@${versions[name]}`)], folder);
  return folder;
}

function npm(args: string[], cwd: string): Promise<string> {
  return run('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: registrySettings() });
}

/** All that may be needed to reach the registry, without what `npm run` says about the package that it runs. */
function registrySettings(): NodeJS.ProcessEnv {
  const ofThisRun = /^npm_(?!config_)|^npm_config_(local_|global_)?prefix$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)));
}
