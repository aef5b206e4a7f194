/**
 * A proxy between the library and Redis. Up: forwards everything at once. Slow: delays replies by 300 ms. Mute: drops
 * replies. Down: resets all connections.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { RedisWay } from './redis-way.ts';

const LATE_MS = 300;
const redis = new URL(process.argv[2] ?? '');
const sockets = new Set<Socket>();
let state: RedisWay['state'] = 'up';

const server = createServer((client) => {
  if (state === 'down') {
    client.resetAndDestroy();
    return;
  }
  const target = connect(Number(redis.port), redis.hostname);
  for (const socket of [client, target]) {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  }
  client.on('close', () => target.destroy()).on('data', (bytes) => target.write(bytes));
  target.on('close', () => client.destroy());
  target.on('data', (bytes) => {
    if (state === 'slow') setTimeout(() => client.write(bytes), LATE_MS);
    else if (state !== 'mute') client.write(bytes);
  });
});
process.on('message', (next: RedisWay['state']) => {
  state = next;
  if (state === 'down') for (const socket of sockets) socket.resetAndDestroy();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
