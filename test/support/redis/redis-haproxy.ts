import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../network/free-port.ts';
import { programFromDebian } from '../processes/debian-package.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';

export type RedisHaproxy = { port: number; stop(): void };

/**
 * Starts HAProxy before several Redis servers. It sends new connections to the one that says that it is the primary, and
 * leaves open ones where they are.
 */
export async function startRedisHaproxy(redisPorts: readonly number[]): Promise<RedisHaproxy> {
  const program = await programFromDebian('haproxy', 'haproxy');
  const port = await freePort();
  const config = join(await makeTemporaryFolder(), 'haproxy.cfg');
  const servers = redisPorts.map((redis, n) => `  server redis${n} 127.0.0.1:${redis} check inter 200ms fall 1 rise 1`);
  await writeFile(
    config,
    `defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
frontend redis
  bind 127.0.0.1:${port}
  default_backend primary
backend primary
  option tcp-check
  tcp-check send info\\ replication\\r\\n
  tcp-check expect string role:master
${servers.join('\n')}
`,
  );
  const child = spawn(program, ['-f', config, '-db'], { stdio: 'ignore' });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.once('exit', () => process.off('exit', stop));
  return { port, stop };
}
