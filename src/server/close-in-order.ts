import type { Server } from 'node:http';
import type { OpenStreams } from './graphql/open-streams.ts';
import type { WebSocketEndpoint } from './websocket/endpoint.ts';

export type Closing = {
  server: Server;
  webSockets: WebSocketEndpoint;
  openStreams: OpenStreams;
  /** How long what is under way may last, in ms. */
  graceMs: number;
};

/** Stops accepting, sends those who watch away to come back, lets requests under way end, and settles with the last. */
export async function closeInOrder({ server, webSockets, openStreams, graceMs }: Closing): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const cut = setTimeout(() => {
    webSockets.terminate();
    server.closeAllConnections();
  }, graceMs);
  openStreams.endAll();
  await Promise.all([webSockets.close(), closed]);
  clearTimeout(cut);
}

/**
 * Node closes the connections that are idle when the server closes. One that is busy then would stay open for its next
 * request, as long as keep-alive lasts: this closes it after its answer.
 */
export function closeConnectionsAfterAnswers(server: Server, isDraining: () => boolean): void {
  server.on('request', (_req, res) => {
    res.once('close', () => {
      if (isDraining()) server.closeIdleConnections();
    });
  });
}
