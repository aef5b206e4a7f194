import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What the library uses of the caller's http or https server. */
export type UpgradeServer = Pick<Server, 'on' | 'off' | 'listeners'>;
export type AcceptUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

type Router = { routes: Map<string, AcceptUpgrade>; listener: AcceptUpgrade };

/** One listener per server, however many services share it. */
const routers = new WeakMap<UpgradeServer, Router>();

/**
 * Passes upgrade requests for one path to `accept`. Other paths are left to the server's other listeners. If the server
 * has none, nobody would answer, so the request gets 404.
 * @returns removes the route
 * @throws {Error} if the path is in use
 */
export function routeUpgrades(server: UpgradeServer, path: string, accept: AcceptUpgrade): () => void {
  const router = routers.get(server) ?? attach(server);
  if (router.routes.has(path)) throw new Error(`the server already has a WebSocketNotificationService at ${path}`);
  router.routes.set(path, accept);
  return () => {
    router.routes.delete(path);
    if (router.routes.size > 0) return;
    server.off('upgrade', router.listener);
    routers.delete(server);
  };
}

function attach(server: UpgradeServer): Router {
  const routes = new Map<string, AcceptUpgrade>();
  const listener: AcceptUpgrade = (request, socket, head) => {
    const accept = routes.get(request.url?.split('?', 1)[0] ?? '');
    if (accept !== undefined) accept(request, socket, head);
    else if (server.listeners('upgrade').length === 1) refuse(socket);
  };
  server.on('upgrade', listener);
  const router = { routes, listener };
  routers.set(server, router);
  return router;
}

function refuse(socket: Duplex): void {
  // The client may be gone already, and an error without a listener would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
