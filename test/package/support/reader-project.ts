import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Installed } from './install.ts';
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
  /** Starts, and leaves running; killed at `close`. */
  start(command: string, args: string[], env?: Record<string, string>): Program;
  close(): Promise<void>;
};

/** The project in which the package was installed; what it starts ends with `close`. */
export async function openReaderProject({ tarball, folder }: Installed): Promise<ReaderProject> {
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
