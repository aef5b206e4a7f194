import { once } from 'node:events';
import { createServer } from 'node:net';

/** The URL of the API, and the environment for a server that is to be reached there. */
export type ServiceUrl = { url: URL; serverEnv: NodeJS.ProcessEnv };

/**
 * The URL at which a server started with this environment listens. An invalid PORT or HOST counts as the default here,
 * because the server itself will report it. PORT=0 is replaced by a port that is free now.
 */
export async function serviceUrlFrom(env: NodeJS.ProcessEnv): Promise<ServiceUrl> {
  const host = reachableHost(env['HOST']?.trim() || '127.0.0.1');
  const configured = /^\d+$/.test(env['PORT']?.trim() ?? '') ? Number(env['PORT']) : 4000;
  const port = configured === 0 ? await freePort() : configured;
  return {
    url: URL.parse(`http://${host}:${port}/graphql`) ?? new URL('http://127.0.0.1:4000/graphql'),
    serverEnv: configured === 0 ? { ...env, PORT: String(port) } : env,
  };
}

/** A server that listens on all addresses is reached on loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::' || host === '[::]') return '[::1]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
