import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Registry } from '@prometheus-io/client';

export type MetricsServer = { url: string; close(): Promise<void> };

/**
 * Serves GET /metrics on a port of its own, so that it can be reached from inside only.
 * @param listen binds the port. @throws what it throws
 */
export async function startMetricsServer(
  registry: Registry,
  listen: (server: ReturnType<typeof createServer>) => Promise<string>,
  onError: (error: unknown) => void,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(registry, request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('The metrics could not be collected. The server log says why.\n');
    });
  });
  const url = await listen(server);
  return {
    url: `${url}/metrics`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = { 'Content-Type': 'text/plain; charset=utf-8' };
  if ((request.url ?? '').split('?')[0] !== '/metrics') {
    response.writeHead(404, text).end('Unknown path: use GET /metrics.\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...text, Allow: 'GET, HEAD' }).end('Method not allowed: use GET.\n');
  } else {
    const body = await registry.metrics();
    response.writeHead(200, { 'Content-Type': registry.contentType }).end(body);
  }
}
