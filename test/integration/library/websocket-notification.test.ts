import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { buildSchema } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { WebSocketNotificationService } from '../../../src/index.ts';
import { notificationSchema } from '../../../src/library/notification-schema.ts';
import {
  connectNotificationClient,
  listenOnFreePort,
  startNotifications,
  upgrade,
} from '../../support/library/notifications.ts';

const SWITCHED = 'HTTP/1.1 101 Switching Protocols';
const NOT_FOUND = 'HTTP/1.1 404 Not Found';

describe('a shared server', () => {
  test('an upgrade to a path that nobody handles gets 404, and HTTP still works', async () => {
    const { url } = await listenOnFreePort(createServer((_request, response) => response.end('hello')));
    const { url: own } = await startNotifications();
    expect(await upgrade(own.replace('/graphql', '/elsewhere'))).toBe(NOT_FOUND);
    expect(await upgrade(own)).toBe(SWITCHED);
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('other upgrade listeners keep working, whichever was added first', async () => {
    for (const order of ['before', 'after']) {
      const { server, url } = await listenOnFreePort();
      const chat = new WebSocketServer({ noServer: true });
      const addChat = () =>
        server.on('upgrade', (request, socket, head) => {
          if (request.url === '/chat') chat.handleUpgrade(request, socket, head, (peer) => peer.send('welcome'));
        });
      if (order === 'before') addChat();
      const service = new WebSocketNotificationService(server);
      if (order === 'after') addChat();
      onTestFinished(() => service.close());

      const peer = new WebSocket(`${url.replace('http', 'ws')}/chat`);
      const [welcome] = (await once(peer, 'message')) as [Buffer];
      expect(welcome.toString()).toBe('welcome');
      peer.terminate();
      const listener = await connectNotificationClient(`${url}/graphql`);
      await listener.settled();
    }
  });

  test('several services can share a server on different paths', async () => {
    const { server, url } = await listenOnFreePort();
    const [one, two] = ['/one', '/two'].map((path) => new WebSocketNotificationService(server, { path }));
    expect(() => new WebSocketNotificationService(server, { path: '/two' })).toThrow(
      'already has a WebSocketNotificationService at /two',
    );
    expect(() => new WebSocketNotificationService(server, { path: 'two' })).toThrow(TypeError);
    expect([await upgrade(`${url}/one`), await upgrade(`${url}/two`), await upgrade(`${url}/three`)]).toEqual([
      SWITCHED,
      SWITCHED,
      NOT_FOUND,
    ]);
    await one?.close();
    expect([await upgrade(`${url}/one`), await upgrade(`${url}/two`)]).toEqual([NOT_FOUND, SWITCHED]);
    await two?.close();
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  test('closing a service closes its clients with 1001 and leaves the server running', async () => {
    const { server, service, url } = await startNotifications();
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void silent.destroy());
    const listener = await connectNotificationClient(url);
    const subscription = listener.subscribe('attic');
    await listener.settled();
    await service.sendDeploymentNotification('attic', 'http://a/', 'cid');
    await Promise.all([service.close(), service.close()]);
    expect(await subscription.ended).toMatchObject({ code: 1001 });
    expect(subscription.got).toHaveLength(1);
    expect(server.listening).toBe(true);
    await service.sendDeploymentNotification('attic', 'http://b/', 'cid');
  });
});

describe('authorization', () => {
  const asked: unknown[] = [];
  const authorize = async (connectionParams: Readonly<Record<string, unknown>> | undefined, roomId: string) => {
    asked.push([connectionParams, roomId]);
    if (roomId === 'broken') throw new Error('secret');
    return connectionParams?.['token'] === 'good' && roomId === 'mine';
  };

  test('`authorize` decides per room who may subscribe; an error denies access and is not disclosed', async () => {
    const { service, url } = await startNotifications({ authorize });
    const listener = await connectNotificationClient(url, { connectionParams: { token: 'good' } });
    const [mine, others, broken] = ['mine', 'others', 'broken'].map((roomId) => listener.subscribe(roomId));
    await listener.settled();
    for (const roomId of ['mine', 'others', 'broken']) {
      await service.sendDeploymentNotification(roomId, 'http://a/', 'cid');
    }
    await listener.settled();
    expect(asked).toContainEqual([{ token: 'good' }, 'mine']);
    expect(mine?.got).toMatchObject([{ data: { deploymentCompleted: { roomId: 'mine' } } }]);
    for (const refused of [others, broken]) {
      expect(refused?.got).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
      expect(JSON.stringify(refused?.got)).not.toContain('secret');
      expect(await refused?.ended).toBe('complete');
    }
  });
});

describe('the notification protocol', () => {
  test.each([
    ['for another field', 'subscription { agentLogs(roomId: "a") { message } }'],
    ['without a room', 'subscription { deploymentCompleted { roomId } }'],
    ['that is not GraphQL', 'subscription {'],
    ['that is too large', `{ ready ${'ready '.repeat(2_000)} }`],
  ])('an operation %s is answered with an error, and the connection stays open', async (_what, query) => {
    const { url } = await startNotifications();
    const listener = await connectNotificationClient(url);
    expect(await listener.subscribe('attic', query).ended).toEqual([
      expect.objectContaining({ message: expect.any(String) }),
    ]);
    await listener.settled();
  });

  test('a client without the subprotocol graphql-transport-ws is closed with 4406', async () => {
    const { url } = await startNotifications();
    const [code] = (await once(new WebSocket(url.replace('http', 'ws')), 'close')) as [number];
    expect(code).toBe(4406);
  });

  test('the library’s schema is a subset of the service’s schema', () => {
    const service = buildSchema(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'));
    const library = notificationSchema();
    const fieldsOf = (schema: typeof service, type: string) => {
      const fields = (schema.getType(type) as { getFields?(): Record<string, { type: unknown }> }).getFields?.() ?? {};
      return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, String(field.type)]));
    };
    for (const type of ['Subscription', 'DeploymentCompleted']) {
      expect(fieldsOf(service, type)).toMatchObject(fieldsOf(library, type));
    }
  });
});
