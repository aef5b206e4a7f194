import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';
import { waitFor } from '../wait-for.ts';
import { askRedis } from './redis-admin.ts';

export type TestSentinel = { port: number; stop(): void };

/** Starts a Sentinel that watches the primary `main`, and replaces it when it has been away for half a second. */
export async function startSentinel(primaryPort: number): Promise<TestSentinel> {
  const program = await programFromDebian('redis-sentinel', 'redis-sentinel');
  const port = await freePort();
  // It writes what it learns into this file.
  const config = join(await makeTemporaryFolder(), 'sentinel.conf');
  await writeFile(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `sentinel monitor main 127.0.0.1 ${primaryPort} 1`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 2000',
    ].join('\n'),
  );
  const child: ChildProcess = spawn(program, [config], { stdio: 'ignore' });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.once('exit', () => process.off('exit', stop));
  await waitFor('Sentinel to know the replica', async () => {
    const replicas = await askRedis(port, 'SENTINEL', 'REPLICAS', 'main').catch(() => []);
    return Array.isArray(replicas) && replicas.length > 0;
  });
  return { port, stop };
}
