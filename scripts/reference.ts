/**
 * Writes docs/reference, the library's API as its docstrings tell it. It fails when a public name, or a parameter of
 * one, has none. With `--check` nothing is written: it fails when the committed text is not what it would write.
 *
 * typedoc stands in docs/reference-tool, with the TypeScript that it needs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOL = fileURLToPath(new URL('../docs/reference-tool', import.meta.url));
const COMMITTED = fileURLToPath(new URL('../docs/reference', import.meta.url));

function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: TOOL, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(1);
}

const text = (folder: string) => readFileSync(join(folder, 'README.md'), 'utf8');
const write = (folder: string) => run('node_modules/.bin/typedoc', '--out', folder, '--logLevel', 'Warn');

run('npm', 'ci', '--no-audit', '--no-fund');
if (process.argv.includes('--check')) {
  const made = mkdtempSync(join(tmpdir(), 'reference-'));
  write(made);
  const isFresh = text(made) === text(COMMITTED);
  rmSync(made, { recursive: true });
  if (!isFresh) {
    console.error('docs/reference is not what the docstrings say: npm run docs:reference');
    process.exit(1);
  }
} else {
  write(COMMITTED);
}
