import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Client, ClientOptions } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { type WebSocketNotificationOptions, WebSocketNotificationService } from '../../../src/index.ts';
import { connectWs } from '../clients/graphql-clients.ts';

export const SUBSCRIPTION =
  'subscription Deployments($roomId: ID!) { deploymentCompleted(roomId: $roomId) { roomId deploymentUrl codeCid timestamp } }';

/** Lets a server listen on a free port. It is closed with its connections at the end of the test. */
export async function listenOnFreePort(server: Server = createServer()): Promise<{ server: Server; url: string }> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Starts the notification service on a new server. */
export async function startNotifications(options: WebSocketNotificationOptions = {}) {
  const { server, url } = await listenOnFreePort();
  const service = new WebSocketNotificationService(server, options);
  onTestFinished(() => service.close());
  return { server, service, url: `${url}${options.path ?? '/graphql'}` };
}

/** The results that a subscription received, in order. */
export type Subscription = { got: unknown[]; ended: Promise<unknown>; unsubscribe: () => void };

/** A graphql-ws client. Its subscriptions are active once `settled` has resolved. */
export type NotificationClient = {
  client: Client;
  /** The number of results that the service has sent, including those for subscriptions that had been left. */
  results(): number;
  subscribe(roomId: string, query?: string): Subscription;
  /** Resolves when everything sent to this client has arrived and everything it sent has been handled. */
  settled(): Promise<void>;
};

/** Connects a client. Its `settled` waits for the pong to a ping, which comes after all earlier messages. */
export async function connectNotificationClient(
  url: string,
  options: Partial<ClientOptions> = {},
): Promise<NotificationClient> {
  let pong = () => {};
  let ping = () => {};
  let results = 0;
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  const client = connectWs(url, {
    lazy: false,
    onNonLazyError: reject,
    ...options,
    on: {
      connected: (socket) => {
        ping = () => (socket as WebSocket).send('{"type":"ping"}');
        resolve();
      },
      pong: () => pong(),
      message: ({ type }) => {
        if (type === 'next') results += 1;
      },
      closed: reject,
    },
  });
  onTestFinished(() => void client.dispose());
  await connected;
  return {
    client,
    results: () => results,
    subscribe(roomId, query = SUBSCRIPTION) {
      const got: unknown[] = [];
      const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
      const unsubscribe = client.subscribe(
        { query, variables: { roomId } },
        { next: (result) => got.push(result), error: end, complete: () => end('complete') },
      );
      return { got, ended, unsubscribe };
    },
    async settled() {
      const answered = new Promise<void>((done) => {
        pong = done;
      });
      // The client sends a subscription one tick after `subscribe`.
      await new Promise(setImmediate);
      ping();
      await answered;
    },
  };
}

/** Requests an upgrade to WebSocket and returns the status line of the response. */
export async function upgrade(url: string, protocol = 'graphql-transport-ws'): Promise<string> {
  const { port, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString().split('\r\n', 1)[0] ?? '';
}
