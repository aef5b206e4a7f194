import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { programFromDebian } from '../processes/debian-package.ts';
import { makeTemporaryFolder } from '../processes/temporary-folder.ts';
import { waitFor } from '../wait-for.ts';
import { freePort } from './free-port.ts';

/* The proxies that people put before the service, as Debian ships them. Each ends with the test that starts it. */

/**
 * Starts nginx before a server on this machine.
 * @param location what its one `server` block contains, such as `location / { proxy_pass http://127.0.0.1:4000; }`
 * @param options.http further lines of the `http` block
 * @returns the URL of the proxy, without a trailing slash
 */
export async function startNginx(location: string, options: { http?: string; port?: number } = {}): Promise<string> {
  const program = await programFromDebian('nginx', 'nginx');
  const folder = await makeTemporaryFolder();
  const { http = '', port = await freePort() } = options;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const config = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    worker_processes 1;
    daemon off;
    pid ${join(folder, 'pid')};
    error_log stderr warn;
    events {}
    http {
      access_log off;
      ${temporary.join('\n')}
      ${http}
      server { listen 127.0.0.1:${port}; ${location} }
    }`;
  await run(program, (file) => ['-c', file], { folder, config, port });
  return `http://127.0.0.1:${port}`;
}

/**
 * Starts HAProxy in `mode http` before a server on this machine.
 * @param target the server's port
 * @param defaults lines of the `defaults` section besides the timeouts
 * @param frontend lines of the `frontend` section
 */
export async function startHaproxy(target: number, defaults = '', frontend = ''): Promise<string> {
  const program = await programFromDebian('haproxy', 'haproxy');
  const folder = await makeTemporaryFolder();
  const port = await freePort();
  const config = `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  ${defaults}
frontend public
  bind 127.0.0.1:${port}
  ${frontend}
  default_backend service
backend service
  server service 127.0.0.1:${target}
`;
  await run(program, (file) => ['-db', '-f', file], { folder, config, port });
  return `http://127.0.0.1:${port}`;
}

async function run(
  program: string,
  argsFor: (file: string) => string[],
  { folder, config, port }: { folder: string; config: string; port: number },
): Promise<void> {
  const file = join(folder, 'config');
  await writeFile(file, config);
  const child = spawn(program, argsFor(file), { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(child, 'exit');
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  onTestFinished(async () => {
    process.off('exit', end);
    end();
    await ended;
    await rm(folder, { recursive: true });
  });
  await waitFor(`${program} to listen`, () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${output}`);
    return isListening(port);
  });
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
