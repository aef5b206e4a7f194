import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Program, run, start } from './run.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A project of somebody who installed the package, in a folder of its own outside the repository. */
export type ReaderProject = {
  folder: string;
  /** The packed package. */
  tarball: string;
  /** Of the package, as published. */
  manifest: { version: string; dependencies: Record<string, string>; optionalDependencies: Record<string, string> };
  /** Writes a file, or copies one of the repository when its text is a path in it: `{ from: 'examples/library.ts' }`. */
  write(name: string, text: string | { from: string }): Promise<void>;
  /** Runs to its end: `node` with these arguments, `tsc`, a program of its node_modules/.bin. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Starts, and leaves running; killed when the project is removed. */
  start(command: string, args: string[], env?: Record<string, string>): Program;
  remove(): Promise<void>;
};

/** Builds and packs the package, and installs the tarball into a project that has Node's types and nothing else. */
export async function createReaderProject(): Promise<ReaderProject> {
  const place = await mkdtemp(join(tmpdir(), 'orchestrator-package-'));
  await chmod(place, 0o755); // the embedded PostgreSQL's user must get in
  const folder = join(place, 'reader');
  await mkdir(folder);
  const npm = (args: string[], cwd: string) =>
    run('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: registrySettings() });

  await npm(['pack', '--pack-destination', place], ROOT);
  const tarball = join(place, (await readdir(place)).find((name) => name.endsWith('.tgz')) ?? '');
  await writeFile(join(folder, 'package.json'), '{ "name": "reader", "private": true, "type": "module" }\n');
  const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await npm(['install', '--prefer-offline', tarball, `@types/node@${devDependencies['@types/node']}`], folder);
  const installed = join(folder, 'node_modules/@hauntedai/orchestrator/package.json');

  const programs: Program[] = [];
  return {
    folder,
    tarball,
    manifest: JSON.parse(await readFile(installed, 'utf8')),
    async write(name, text) {
      const path = join(folder, name);
      await mkdir(join(path, '..'), { recursive: true });
      await (typeof text === 'string' ? writeFile(path, text) : copyFile(join(ROOT, text.from), path));
    },
    run: (command, ...args) => run(command, args, { cwd: folder }),
    start(command, args, env = {}) {
      const program = start(command, args, { cwd: folder, env });
      programs.push(program);
      return program;
    },
    async remove() {
      for (const { kill } of programs) kill();
      await Promise.all(programs.map(({ exitCode }) => exitCode));
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** All that may be needed to reach the registry, without what `npm run` says about the package that it runs. */
function registrySettings(): NodeJS.ProcessEnv {
  const ofThisRun = /^npm_(?!config_)|^npm_config_(local_|global_)?prefix$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)));
}
