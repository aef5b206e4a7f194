import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { NotificationEndpoint } from './notification-endpoint.ts';
import type { AuthorizeListener } from './notification-protocol.ts';
import { type AcceptUpgrade, routeUpgrades } from './upgrade-router.ts';

/** Where and to whom notifications are sent. */
export type WebSocketNotificationOptions = {
  /** Where clients connect, beginning with a slash. @default '/graphql' */
  path?: string | undefined;
  /** Who may listen to which room. @default everybody who can reach the server */
  authorize?: AuthorizeListener | undefined;
};

/**
 * Tells clients of completed deployments over WebSocket (requirement 4.3, Property 14), on a server that it shares.
 * Clients speak graphql-transport-ws, by any graphql-ws client:
 *
 * ```graphql
 * subscription { deploymentCompleted(roomId: "…") { roomId deploymentUrl codeCid timestamp } }
 * ```
 *
 * Upgrades of other paths are left to the server's other `upgrade` listeners, and answered with 404 where there are
 * none. Those must leave this path alone as well: a `WebSocketServer` of ws with a `server` of its own answers every
 * path, so give it `noServer` and an `upgrade` listener.
 */
export class WebSocketNotificationService {
  readonly #endpoint: Promise<NotificationEndpoint>;
  readonly #stopRouting: () => void;
  #loaded: NotificationEndpoint | null = null;
  #closed: Promise<void> | null = null;

  /**
   * Takes the upgrades of its path from now on.
   * @param httpServer may listen already or later; it is never closed from here
   * @param options path, and who may listen
   * @throws TypeError for a path that is none
   * @throws Error for a path that another service has on this server
   */
  constructor(httpServer: Server | HttpsServer, options: WebSocketNotificationOptions = {}) {
    const { path = '/graphql', authorize } = options;
    if (!/^\/[^?#]*$/.test(path)) throw new TypeError('path: must begin with a slash, without query and fragment');
    this.#stopRouting = routeUpgrades(httpServer, path, (...upgrade) => void this.#accept(...upgrade));
    this.#endpoint = this.#load(authorize);
    // Told to those who connect: their sockets are cut.
    this.#endpoint.catch(() => {});
  }

  /**
   * Tells each client that listens to the room, once. Settles when the notification is handed to their sockets; who
   * connects later does not get it. Never rejects. After `close` nobody is told.
   * @param roomId the room whose listeners are told
   * @param deploymentUrl where the page can be seen
   * @param codeCid the CID of the code that was published; null when a page was deployed without code of its own
   */
  async sendDeploymentNotification(roomId: string, deploymentUrl: string, codeCid: string | null): Promise<void> {
    if (this.#closed !== null) return;
    this.#loaded?.notify({ roomId, deploymentUrl, codeCid, timestamp: new Date().toISOString() });
  }

  /**
   * Ends every client's socket with 1001, after what was sent to it; the server goes on without this path. Settles
   * when the last socket is gone, within about a second. Calling it again changes nothing.
   */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  /** The GraphQL packages are loaded only by those who use this class. */
  async #load(authorize: AuthorizeListener | undefined): Promise<NotificationEndpoint> {
    const { createNotificationEndpoint } = await import('./notification-endpoint.ts');
    this.#loaded = createNotificationEndpoint(authorize);
    return this.#loaded;
  }

  async #accept(...[request, socket, head]: Parameters<AcceptUpgrade>): Promise<void> {
    const forgive = forgiveErrors(socket);
    const endpoint = await this.#endpoint.catch(() => null);
    forgive();
    if (endpoint === null || this.#closed !== null) socket.destroy();
    else endpoint.accept(request, socket, head);
  }

  async #end(): Promise<void> {
    this.#stopRouting();
    const endpoint = await this.#endpoint.catch(() => null);
    await endpoint?.close();
  }
}

/** An error without a listener would end the process; returns what ends that. */
function forgiveErrors(socket: Duplex): () => void {
  const ignore = () => {};
  socket.on('error', ignore);
  return () => socket.off('error', ignore);
}
