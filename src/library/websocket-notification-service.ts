import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { NotificationEndpoint } from './notification-endpoint.ts';
import type { AuthorizeListener } from './notification-protocol.ts';
import { type AcceptUpgrade, routeUpgrades } from './upgrade-router.ts';

/** Where clients connect, and which rooms they may subscribe to. */
export type WebSocketNotificationOptions = {
  /** The path where clients connect; begins with a slash. @default '/graphql' */
  path?: string | undefined;
  /** Decides who may subscribe to which room. @default anyone who can reach the server */
  authorize?: AuthorizeListener | undefined;
};

/**
 * Notifies clients of completed deployments over WebSocket, on a server that it shares with others. Clients speak graphql-transport-ws, for example with graphql-ws:
 *
 * ```graphql
 * subscription { deploymentCompleted(roomId: "…") { roomId deploymentUrl codeCid timestamp } }
 * ```
 *
 * Upgrade requests for other paths are left to the server's other `upgrade` listeners, and get 404 if there are none.
 * Those listeners must ignore this path. A `WebSocketServer` of ws with its own `server` does not: it answers every path.
 * Give it `noServer` and an `upgrade` listener instead.
 */
export class WebSocketNotificationService {
  readonly #endpoint: Promise<NotificationEndpoint>;
  readonly #stopRouting: () => void;
  #loaded: NotificationEndpoint | null = null;
  #closed: Promise<void> | null = null;

  /**
   * Accepts upgrade requests for its path from now on.
   * @param httpServer may already be listening, or not yet; this class never closes it
   * @param options the path, and who may subscribe
   * @throws TypeError if the path is invalid
   * @throws Error if another service uses the path on this server
   */
  constructor(httpServer: Server | HttpsServer, options: WebSocketNotificationOptions = {}) {
    const { path = '/graphql', authorize } = options;
    if (!/^\/[^?#]*$/.test(path)) throw new TypeError('path: must begin with a slash, without query and fragment');
    this.#stopRouting = routeUpgrades(httpServer, path, (...upgrade) => void this.#accept(...upgrade));
    this.#endpoint = this.#load(authorize);
    // If loading fails, clients notice: their sockets are destroyed.
    this.#endpoint.catch(() => {});
  }

  /**
   * Sends a notification, once, to each client subscribed to the room. Settles when it is handed to their sockets.
   * Clients that subscribe later do not receive it. Never rejects. After `close` nothing is sent.
   * @param roomId the room whose subscribers are notified
   * @param deploymentUrl the URL of the deployed page
   * @param codeCid the CID of the published code; null if the page was deployed without any
   */
  async sendDeploymentNotification(roomId: string, deploymentUrl: string, codeCid: string | null): Promise<void> {
    if (this.#closed !== null) return;
    this.#loaded?.notify({ roomId, deploymentUrl, codeCid, timestamp: new Date().toISOString() });
  }

  /**
   * Closes every client's socket with 1001 after what was already sent to it; the server keeps running without this
   * path. Settles when the last socket is closed, within about a second. Calling it again changes nothing.
   */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  /** Loads the GraphQL packages, which only users of this class need. */
  async #load(authorize: AuthorizeListener | undefined): Promise<NotificationEndpoint> {
    const { createNotificationEndpoint } = await import('./notification-endpoint.ts');
    this.#loaded = createNotificationEndpoint(authorize);
    return this.#loaded;
  }

  async #accept(...[request, socket, head]: Parameters<AcceptUpgrade>): Promise<void> {
    const stopIgnoring = ignoreErrors(socket);
    const endpoint = await this.#endpoint.catch(() => null);
    stopIgnoring();
    if (endpoint === null || this.#closed !== null) socket.destroy();
    else endpoint.accept(request, socket, head);
  }

  async #end(): Promise<void> {
    this.#stopRouting();
    const endpoint = await this.#endpoint.catch(() => null);
    await endpoint?.close();
  }
}

/** An error without a listener would end the process. @returns removes the listener */
function ignoreErrors(socket: Duplex): () => void {
  const ignore = () => {};
  socket.on('error', ignore);
  return () => socket.off('error', ignore);
}
