/**
 * Fails when the committed migrations do not produce the tables of src/db/tables.ts. It lets drizzle-kit generate into a
 * copy of the migrations and prints what is missing; the working tree does not change.
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
  // The same configuration with another output folder, which drizzle-kit accepts only as a relative path.
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
    fail(`The migrations do not match src/db/tables.ts. Run \`npm run db:generate\`. Missing:\n\n${sql.join('\n')}`);
  } else if (added.length > 0) {
    fail(`drizzle-kit would change ${added.join(', ')}. Run \`npm run db:generate\`.`);
  } else if (!stdout.includes('No schema changes')) {
    // drizzle-kit exits with 0 even when it stops at a question (whether a column was renamed) or at an error.
    fail(`drizzle-kit did not finish. Run \`npm run db:generate\`.\n${stdout}${stderr}`);
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
