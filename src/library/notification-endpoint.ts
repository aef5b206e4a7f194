import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { settlesWithin } from './callbacks.ts';
import { type AuthorizeListener, createNotificationProtocol } from './notification-protocol.ts';
import type { DeploymentNotification } from './notification-schema.ts';
import { createSubscribers } from './subscribers.ts';

export type NotificationEndpoint = {
  /** Accepts an upgrade request for the service's path. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Hands the notification to the socket of each client subscribed to the room. */
  notify(notification: DeploymentNotification): void;
  /** Closes every socket, and terminates those whose clients do not answer within a second. */
  close(): Promise<void>;
};

/** Longest message from a client, in bytes. Operations are small. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A client that leaves more than this unread, in bytes, is disconnected. It may reconnect. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Time between two pings, in ms. Proxies close connections that are silent for a minute. */
const PING_INTERVAL_MS = 12_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** Close codes of RFC 6455 and of graphql-ws. Clients reconnect after the first. */
const GOING_AWAY = 1001;
const INTERNAL_SERVER_ERROR = 4500;

/** Runs the protocol over WebSockets. It does not listen itself: upgrade requests are passed to it. */
export function createNotificationEndpoint(authorize: AuthorizeListener | undefined): NotificationEndpoint {
  const subscribers = createSubscribers();
  const protocol = createNotificationProtocol(subscribers, authorize);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const pinging = setInterval(() => server.clients.forEach(checkAlive), PING_INTERVAL_MS).unref();

  const open = (socket: WebSocket): void => {
    const fail = () => socket.close(INTERNAL_SERVER_ERROR, 'Internal server error');
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => socket.on('message', (data) => void handle(String(data)).catch(fail)),
      },
      { send: (text) => send(socket, text) },
    );
    socket.on('close', (code, reason) => void closed(code, String(reason)).catch(() => {}));
    // For a frame that is too large or malformed. ws closes the socket with the matching code.
    socket.on('error', () => {});
  };

  return {
    accept: (request, socket, head) => server.handleUpgrade(request, socket, head, open),
    notify: subscribers.notify,
    async close() {
      clearInterval(pinging);
      const sockets = [...server.clients];
      const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      for (const socket of sockets) socket.close(GOING_AWAY, 'Going away');
      if (!(await settlesWithin(closed, CLOSE_TIMEOUT_MS))) for (const socket of sockets) socket.terminate();
      await closed;
    },
  };
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
  // As bytes, because writing a frame with a string is a quarter slower.
  else socket.send(Buffer.from(text), { binary: false });
}

const awaitingPong = new WeakSet<WebSocket>();

/** Terminates a connection whose last ping was not answered. */
function checkAlive(socket: WebSocket): void {
  if (awaitingPong.has(socket)) {
    socket.terminate();
    return;
  }
  awaitingPong.add(socket);
  socket.once('pong', () => awaitingPong.delete(socket));
  socket.ping();
}
