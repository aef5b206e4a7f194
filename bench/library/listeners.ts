/** Clients of a WebSocketNotificationService, spread over rooms. Reports when all have subscribed, and what they received. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ListenTask, Received } from './notifications.ts';

const [{ url, clients, rooms, notifications }] = (await once(process, 'message')) as [ListenTask];
let left = clients * notifications;
const received: Record<number, Received[]> = {};
const sockets = await Promise.all(Array.from({ length: clients }, (_, index) => open(index % rooms)));

process.send?.('listening');

async function open(room: number): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const { promise: isListening, resolve: listens } = Promise.withResolvers<void>();
  const send = (message: object) => socket.send(JSON.stringify(message));
  const query = `subscription { deploymentCompleted(roomId: "room-${room}") { roomId deploymentUrl codeCid timestamp } }`;
  socket.on('open', () => send({ type: 'connection_init' }));
  socket.on('message', (data) => {
    const at = process.hrtime.bigint();
    const { type, id, payload } = JSON.parse(String(data));
    if (type === 'connection_ack') {
      send({ id: 'watch', type: 'subscribe', payload: { query } });
      // The service handles a connection's messages in order, so the subscription is active when this responds.
      send({ id: 'ready', type: 'subscribe', payload: { query: '{ ready }' } });
    } else if (type === 'next' && id === 'ready') listens();
    else if (type === 'next')
      note(room, { nth: Number(payload.data.deploymentCompleted.deploymentUrl.split('/').at(-1)), at });
  });
  await isListening;
  return socket;
}

function note(room: number, delivery: Received): void {
  const ofRoom = received[room] ?? [];
  ofRoom.push(delivery);
  received[room] = ofRoom;
  left -= 1;
  if (left > 0) return;
  for (const socket of sockets) socket.close();
  // The message is large, so the process must not exit before it is sent.
  process.send?.(received, () => process.disconnect());
}
