/**
 * Fails when src/db/tables.ts says something that the committed migrations do not: lets drizzle-kit write into a copy
 * of them and names what it added. Nothing in the work tree is touched.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const migrations = resolve('src/db/migrations');
const scratch = mkdtempSync(join(tmpdir(), 'check-migrations-'));
try {
  const copy = join(scratch, 'migrations');
  cpSync(migrations, copy, { recursive: true });
  // The same config but for where it writes; drizzle-kit takes that path only when relative.
  const config = join(scratch, 'drizzle.config.ts');
  const out = relative(process.cwd(), copy);
  writeFileSync(
    config,
    `import config from ${JSON.stringify(resolve('drizzle.config.ts'))};\nexport default { ...config, out: ${JSON.stringify(out)} };\n`,
  );
  const { stdout, stderr } = spawnSync('drizzle-kit', ['generate', '--config', config, '--name', 'missing'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

  const added = filesBelow(copy).filter((file) => !isSame(join(migrations, file), join(copy, file)));
  const sql = added.filter((file) => file.endsWith('.sql')).map((file) => readFileSync(join(copy, file), 'utf8'));
  if (sql.length > 0) {
    fail(`The migrations lack what src/db/tables.ts says; run npm run db:generate. Missing:\n\n${sql.join('\n')}`);
  } else if (added.length > 0) {
    fail(`drizzle-kit would change ${added.join(', ')}; run npm run db:generate.`);
  } else if (!stdout.includes('No schema changes')) {
    // It exits 0 even when it stops at a question (was this column renamed?) or at an error.
    fail(`drizzle-kit did not get to the end; run npm run db:generate.\n${stdout}${stderr}`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function isSame(committed: string, generated: string): boolean {
  try {
    return readFileSync(committed, 'utf8') === readFileSync(generated, 'utf8');
  } catch {
    return false;
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
