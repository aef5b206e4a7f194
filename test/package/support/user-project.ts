import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Installed } from './install-package.ts';
import { type Program, run, start } from './programs.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A user's project with the package installed, in a folder outside the repository. */
export type UserProject = {
  folder: string;
  /** The packed package. */
  tarball: string;
  /** The package.json of the installed package. */
  manifest: { version: string; dependencies: Record<string, string>; optionalDependencies: Record<string, string> };
  /** Writes a file with this text, or copies one from the repository: `{ from: 'examples/library.ts' }`. */
  write(name: string, text: string | { from: string }): Promise<void>;
  /** Runs a command in the project and returns its output. @throws unless it exits with 0 */
  run(command: string, ...args: string[]): Promise<string>;
  /** Starts a program, which `close` kills. */
  start(command: string, args: string[], env?: Record<string, string>): Program;
  close(): Promise<void>;
};

export async function openUserProject({ tarball, folder }: Installed): Promise<UserProject> {
  const manifest = join(folder, 'node_modules/@hauntedai/orchestrator/package.json');

  const programs: Program[] = [];
  return {
    folder,
    tarball,
    manifest: JSON.parse(await readFile(manifest, 'utf8')),
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
    async close() {
      for (const { kill } of programs) kill();
      await Promise.all(programs.map(({ exitCode }) => exitCode));
    },
  };
}
