import type { Server } from 'node:http';
import type { OpenStreams } from './streams/open-streams.ts';
import type { WebSocketEndpoint } from './websocket/websocket-endpoint.ts';

export type ShutDownOptions = {
  server: Server;
  webSockets: WebSocketEndpoint;
  openStreams: OpenStreams;
  /** How long requests in progress may take, in ms. */
  graceMs: number;
};

/**
 * Accepts no more connections, ends WebSockets and event streams so that their clients reconnect, and lets other
 * requests finish. Settles when the last connection is closed.
 */
export async function shutDown({ server, webSockets, openStreams, graceMs }: ShutDownOptions): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const cut = setTimeout(() => {
    webSockets.terminate();
    openStreams.cutDownloads();
    server.closeAllConnections();
  }, graceMs);
  openStreams.endAll();
  await Promise.all([webSockets.close(), closed]);
  clearTimeout(cut);
}

/**
 * Node closes idle connections when the server closes. A connection that is busy at that moment would stay open for its
 * next request, until keep-alive ends: this closes it after its response.
 */
export function closeConnectionsAfterResponses(server: Server, isDraining: () => boolean): void {
  server.on('request', (_req, res) => {
    res.once('close', () => {
      if (isDraining()) server.closeIdleConnections();
    });
  });
}
