import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Client, ClientOptions } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { type WebSocketNotificationOptions, WebSocketNotificationService } from '../../../src/index.ts';
import { connectWs } from '../clients/graphql-clients.ts';

export const SUBSCRIPTION =
  'subscription Deployments($roomId: ID!) { deploymentCompleted(roomId: $roomId) { roomId deploymentUrl codeCid timestamp } }';

/** A server on a free port, closed with its connections when the test has ended. */
export async function listenOnFreePort(server: Server = createServer()): Promise<{ server: Server; url: string }> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The service on a server of its own. */
export async function startNotifications(options: WebSocketNotificationOptions = {}) {
  const { server, url } = await listenOnFreePort();
  const service = new WebSocketNotificationService(server, options);
  onTestFinished(() => service.close());
  return { server, service, url: `${url}${options.path ?? '/graphql'}` };
}

/** What a client's subscription got, in order. */
export type Subscription = { got: unknown[]; ended: Promise<unknown>; leave: () => void };

/** A graphql-ws client, whose subscriptions are in force once `settled` has settled. */
export type NotificationClient = {
  client: Client;
  /** How many results the service has sent to it, those for subscriptions that it had left included. */
  results(): number;
  subscribe(roomId: string, query?: string): Subscription;
  /** Everything that was sent to this client before has arrived, and all that it sent has been dealt with. */
  settled(): Promise<void>;
};

/** Connects by a real client; `settled` is a ping that the service answers, after all that went before it. */
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
      const leave = client.subscribe(
        { query, variables: { roomId } },
        { next: (result) => got.push(result), error: end, complete: () => end('complete') },
      );
      return { got, ended, leave };
    },
    async settled() {
      const answered = new Promise<void>((done) => {
        pong = done;
      });
      // Subscribing takes the client a turn before it sends.
      await new Promise(setImmediate);
      ping();
      await answered;
    },
  };
}

/** The status line that an upgrade is answered with. */
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
