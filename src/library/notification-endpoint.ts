import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { settlesWithin } from './callbacks.ts';
import { type AuthorizeListener, createNotificationProtocol } from './notification-protocol.ts';
import type { DeploymentNotification } from './notification-schema.ts';
import { createSubscribers } from './subscribers.ts';

export type NotificationEndpoint = {
  /** Takes over an upgrade of the service's path. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Hands it to the socket of each client that listens to the room. */
  notify(notification: DeploymentNotification): void;
  /** Ends every socket: politely, and those that do not answer within a second by cutting them. */
  close(): Promise<void>;
};

/** Longest message of a client, in bytes: operations are small. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A client that has left so much unread, in bytes, is cut off; it may come back. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** How often a peer must show that it is there, in ms; proxies cut connections that are silent for a minute. */
const PING_MS = 12_000;
const CLOSE_MS = 1_000;

/** Codes of RFC 6455 and of graphql-ws; clients come back after the first. */
const GOING_AWAY = 1001;
const INTERNAL_SERVER_ERROR = 4500;

/** WebSockets with the protocol on them. It listens nowhere: upgrades are handed to it. */
export function createNotificationEndpoint(authorize: AuthorizeListener | undefined): NotificationEndpoint {
  const subscribers = createSubscribers();
  const protocol = createNotificationProtocol(subscribers, authorize);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const pinging = setInterval(() => server.clients.forEach(checkAlive), PING_MS).unref();

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
    // A frame too large or malformed: ws closes the socket with the code that says so.
    socket.on('error', () => {});
  };

  return {
    accept: (request, socket, head) => server.handleUpgrade(request, socket, head, open),
    notify: subscribers.notify,
    async close() {
      clearInterval(pinging);
      const sockets = [...server.clients];
      const gone = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      for (const socket of sockets) socket.close(GOING_AWAY, 'Going away');
      if (!(await settlesWithin(gone, CLOSE_MS))) for (const socket of sockets) socket.terminate();
      await gone;
    },
  };
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
  // As bytes: Node writes a frame's head and a string in one call too, but a quarter slower.
  else socket.send(Buffer.from(text), { binary: false });
}

const waiting = new WeakSet<WebSocket>();

/** A peer that has not answered the ping before is gone without a word. */
function checkAlive(socket: WebSocket): void {
  if (waiting.has(socket)) {
    socket.terminate();
    return;
  }
  waiting.add(socket);
  socket.once('pong', () => waiting.delete(socket));
  socket.ping();
}
