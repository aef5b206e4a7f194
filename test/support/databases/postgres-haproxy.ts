import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';

export type PostgresHaproxy = { port: number; stop(): Promise<void> };

/** Starts HAProxy before several servers. It passes new connections to the first that accepts any. */
export async function startPostgresHaproxy(ports: readonly number[]): Promise<PostgresHaproxy> {
  const program = await programFromDebian('haproxy', 'haproxy');
  const folder = await makeTemporaryFolder();
  const port = await freePort();
  const servers = ports.map(
    (target, index) =>
      `  server s${index} 127.0.0.1:${target} check inter 200 fall 2 rise 1${index === 0 ? '' : ' backup'}`,
  );
  const file = join(folder, 'haproxy.cfg');
  await writeFile(
    file,
    `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
listen postgres
  bind 127.0.0.1:${port}
${servers.join('\n')}
`,
  );
  const child = spawn(program, ['-f', file, '-db'], { stdio: 'ignore' });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  return {
    port,
    async stop() {
      process.off('exit', end);
      const ended = once(child, 'exit');
      end();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
