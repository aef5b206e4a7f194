/**
 * Writes docs/reference, the library's API, from its docstrings. It fails when a public name or parameter has none.
 *
 * npm run docs:reference               writes the files
 * npm run docs:reference -- --check    writes nothing, and fails when the committed files are out of date
 *
 * TypeDoc is installed in docs/reference-tool, with the version of TypeScript that it needs.
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
  const generated = mkdtempSync(join(tmpdir(), 'reference-'));
  write(generated);
  const isUpToDate = text(generated) === text(COMMITTED);
  rmSync(generated, { recursive: true });
  if (!isUpToDate) {
    console.error('docs/reference is out of date. Run `npm run docs:reference`.');
    process.exit(1);
  }
} else {
  write(COMMITTED);
}
