/** Builds what is published: src/ as JavaScript with declarations, the migrations, the page and GraphiQL, into an empty dist/. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';

await import('./build-page.ts');
rmSync('dist', { recursive: true, force: true });

const { status, error } = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' });
if (error) throw error;
if (status !== 0) process.exit(1);

// The snapshots are drizzle-kit's own; what runs migrations reads the journal and the SQL.
const isNeeded = (path: string) => !path.endsWith('_snapshot.json');
cpSync('src/db/migrations', 'dist/db/migrations', { recursive: true, filter: isNeeded });
for (const built of ['server/page/built', 'server/graphiql/built']) {
  cpSync(`src/${built}`, `dist/${built}`, { recursive: true });
}
chmodSync('dist/main.js', 0o755);
