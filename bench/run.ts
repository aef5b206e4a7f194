/** `node bench/run.ts <name> [options]`: runs `bench/<name>.ts` when the packages that it needs are installed. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== basename(import.meta.filename))
  .map((entry) => basename(entry.name, '.ts'));
const [name = '', ...options] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(`Which benchmark? node bench/run.ts ${names.join('|')} [options]`);
  process.exit(2);
}
try {
  import.meta.resolve('markdown-table');
} catch {
  console.error('The benchmarks have packages of their own. Install them first: npm ci --prefix bench');
  process.exit(1);
}
// The benchmark reads its options as a program of its own would.
process.argv.splice(2, process.argv.length, ...options);
await import(`./${name}.ts`);
