/** `node bench/run.ts <name> [options]` runs `bench/<name>.ts`, if the packages it needs are installed. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== basename(import.meta.filename))
  .map((entry) => basename(entry.name, '.ts'));
const [name = '', ...options] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(`Usage: node bench/run.ts ${names.join('|')} [options]`);
  process.exit(2);
}
try {
  import.meta.resolve('markdown-table');
} catch {
  console.error('The packages of the benchmarks are not installed. Run: npm ci --prefix bench');
  process.exit(1);
}
// The benchmark parses its own options.
process.argv.splice(2, process.argv.length, ...options);
await import(`./${name}.ts`);
