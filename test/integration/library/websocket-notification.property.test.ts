import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  connectNotificationClient,
  type NotificationClient,
  SUBSCRIPTION,
  startNotifications,
} from '../../support/library/notifications.ts';

const ROOMS = ['attic', 'cellar', 'hall'];
const room = () => fc.constantFrom(...ROOMS);
const text = () => fc.string({ unit: 'grapheme', maxLength: 30 });

/** Different queries for the same data. */
const QUERIES = [
  SUBSCRIPTION,
  'subscription ($roomId: ID!) { deploymentCompleted(roomId: $roomId) { ...All } } fragment All on DeploymentCompleted { roomId deploymentUrl codeCid timestamp }',
  'subscription ($roomId: ID!) { deploymentCompleted(roomId: $roomId) { deploymentUrl codeCid roomId timestamp __typename } }',
];

type Deployment = { roomId: string; deploymentUrl: string; codeCid: string | null };
const deployment = (): fc.Arbitrary<Deployment> =>
  fc.record({ roomId: room(), deploymentUrl: text(), codeCid: fc.option(text()) });

describe('Property 14: deployment WebSocket notification', () => {
  test('every completed deployment reaches each connected client of its room once, in order, and no client of another room', async () => {
    const { service, url } = await startNotifications();
    const listeners: NotificationClient[] = await Promise.all(
      Array.from({ length: 6 }, () => connectNotificationClient(url)),
    );
    const everybody = () => Promise.all(listeners.map((listener) => listener.settled()));

    const property = fc.asyncProperty(
      fc.array(fc.record({ room: room(), client: fc.nat(5), query: fc.constantFrom(...QUERIES) }), { maxLength: 12 }),
      fc.array(deployment(), { maxLength: 8 }),
      async (requests, deployments) => {
        const subscriptions = requests.map((request) => ({
          ...request,
          ...(listeners[request.client] as NotificationClient).subscribe(request.room, request.query),
        }));
        await everybody();
        for (const { roomId, deploymentUrl, codeCid } of deployments) {
          await service.sendDeploymentNotification(roomId, deploymentUrl, codeCid);
        }
        await everybody();
        for (const { room: wanted, got, unsubscribe } of subscriptions) {
          const expected = deployments.filter(({ roomId }) => roomId === wanted);
          expect(got).toEqual(
            expected.map((sent) => ({ data: { deploymentCompleted: expect.objectContaining({ ...sent }) } })),
          );
          unsubscribe();
        }
        await everybody();
      },
    );
    await fc.assert(property, { numRuns: 120 });
  });

  test('clients that have unsubscribed, or subscribe later, receive nothing', async () => {
    const { service, url } = await startNotifications();
    const listener = await connectNotificationClient(url);
    const property = fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      fc.array(fc.boolean(), { maxLength: 6 }),
      async (stays, later) => {
        const before = listener.results();
        const early = stays.map((isStaying) => ({ isStaying, ...listener.subscribe('attic') }));
        await listener.settled();
        for (const { isStaying, unsubscribe } of early) if (!isStaying) unsubscribe();
        await listener.settled();
        await service.sendDeploymentNotification('attic', 'http://a/', 'cid');
        await listener.settled();
        const late = later.map(() => listener.subscribe('attic'));
        await listener.settled();
        for (const { isStaying, got } of early) expect(got).toHaveLength(isStaying ? 1 : 0);
        for (const { got } of late) expect(got).toEqual([]);
        expect(listener.results() - before).toBe(stays.filter(Boolean).length);
        for (const { unsubscribe } of [...early, ...late]) unsubscribe();
        await listener.settled();
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  test('a notification reaches each of 300 clients of one room once', async () => {
    const { service, url } = await startNotifications();
    const listeners = await Promise.all(Array.from({ length: 300 }, () => connectNotificationClient(url)));
    const subscriptions = listeners.map((listener) => listener.subscribe('hall'));
    await Promise.all(listeners.map((listener) => listener.settled()));
    await service.sendDeploymentNotification('hall', 'http://a/', 'cid');
    await Promise.all(listeners.map((listener) => listener.settled()));
    expect(subscriptions.map(({ got }) => got.length)).toEqual(listeners.map(() => 1));
  });
});
