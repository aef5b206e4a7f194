/**
 * A process that starts an embedded PostgreSQL and reports to its parent. It runs until its parent sends an order or
 * kills it. Its one argument is a `ChildTask` as JSON.
 */
import type { EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/embedded-postgres/index.ts';

/** The module to test, the data directory, and the user to run as. */
export type ChildTask = { module: string; dataDir: string; uid?: number };
/** A message to the parent. */
export type ChildReport =
  | { type: 'started'; url: string; location: string; adopted: boolean; log: string[] }
  | { type: 'failed'; name: string; message: string }
  | { type: 'interrupted' }
  | { type: 'closed' };
/** A message from the parent, once the server has started. */
export type ChildOrder = 'close' | 'release';

const { module, dataDir, uid }: ChildTask = JSON.parse(process.argv[2] ?? '');
const report = (message: ChildReport): void => void process.send?.(message);

process.on('SIGINT', () => report({ type: 'interrupted' }));
if (uid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
}

try {
  const { startEmbeddedPostgres: start }: { startEmbeddedPostgres: typeof startEmbeddedPostgres } = await import(
    module
  );
  const log: string[] = [];
  const server = await start({ dataDir, log: (line) => log.push(line) });
  process.on('message', (order: ChildOrder) => void obey(order, server));
  const { url, location, adopted } = server;
  report({ type: 'started', url, location, adopted, log });
} catch (error) {
  const { name, message } = error as Error;
  report({ type: 'failed', name, message });
  process.disconnect();
}

async function obey(order: ChildOrder, server: EmbeddedPostgres): Promise<void> {
  if (order === 'release') server.release();
  await server.close();
  report({ type: 'closed' });
  process.disconnect();
}
