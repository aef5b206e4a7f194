import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketNotificationService } from '../../src/index.ts';

/** The task for the clients' process. */
export type ListenTask = { url: string; clients: number; rooms: number; notifications: number };
/** The number of each notification that a client received, and its time in ns of the monotonic clock. */
export type Received = { nth: number; at: bigint };

const NOTIFICATIONS = 40;

/**
 * Measures the time from the call of `sendDeploymentNotification` to the arrival at each client, in ms. The clients run in
 * another process; both read the machine's monotonic clock.
 */
export async function measureNotifications(size: { clients: number; rooms: number }): Promise<number[]> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service = new WebSocketNotificationService(server);
  const child = fork(new URL('./listeners.ts', import.meta.url), { serialization: 'advanced' });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  // Each notification is sent to every room, so every client receives all of them.
  child.send({ url, ...size, notifications: NOTIFICATIONS } satisfies ListenTask);
  await once(child, 'message');

  const all = once(child, 'message');
  const sentAt: bigint[][] = [];
  for (let nth = 0; nth < NOTIFICATIONS; nth += 1) {
    const ofRooms: bigint[] = [];
    for (let room = 0; room < size.rooms; room += 1) {
      ofRooms.push(process.hrtime.bigint());
      await service.sendDeploymentNotification(`room-${room}`, `http://127.0.0.1/${nth}`, 'code-cid');
    }
    sentAt.push(ofRooms);
    await sleep(100);
  }
  const [received] = (await all) as [Record<number, Received[]>];
  await service.close();
  server.close();
  const durations = Object.entries(received).flatMap(([room, ofRoom]) =>
    ofRoom.map(({ nth, at }) => Number(at - (sentAt[nth]?.[Number(room)] ?? 0n)) / 1e6),
  );
  if (durations.length !== size.clients * NOTIFICATIONS) throw new Error(`${durations.length} deliveries`);
  return durations;
}
