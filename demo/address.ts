import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where the API is expected, and what a server has to be started with to be there. */
export type Address = { url: URL; serverEnv: NodeJS.ProcessEnv };

/**
 * The address that a server started with this environment takes. A PORT or HOST that is none counts as the default
 * here: the server is the one to complain about it. PORT=0 becomes a port that is free now.
 */
export async function addressOf(env: NodeJS.ProcessEnv): Promise<Address> {
  const host = hostToReach(env['HOST']?.trim() || '127.0.0.1');
  const wanted = /^\d+$/.test(env['PORT']?.trim() ?? '') ? Number(env['PORT']) : 4000;
  const port = wanted === 0 ? await freePort() : wanted;
  return {
    url: URL.parse(`http://${host}:${port}/graphql`) ?? new URL('http://127.0.0.1:4000/graphql'),
    serverEnv: wanted === 0 ? { ...env, PORT: String(port) } : env,
  };
}

/** A server that listens on every address is reached on loopback. */
function hostToReach(host: string): string {
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
