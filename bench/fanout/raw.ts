import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Line, StartContestant } from './contestant.ts';
import { listening } from './listening.ts';
import { channelOf } from './schema.ts';

/**
 * The lower limit of the cost: each line is serialized once, and `ws` sends the string to every socket of the room. It has
 * no operation ids, selections, cursors or handling of slow sockets.
 */
export const start: StartContestant = async ({ redisUrl }) => {
  const subscriber = new Redis(redisUrl);
  const server = createServer();
  const rooms = new Map<string, Set<WebSocket>>();
  subscriber.on('message', (channel: string, text: string) => {
    const { workflowId: _, ...line } = JSON.parse(text) as Line;
    const agentLogs = { ...line, agentType: 'STORY', level: 'INFO' };
    const frame = JSON.stringify({ id: '1', type: 'next', payload: { data: { agentLogs } } });
    for (const socket of rooms.get(channel) ?? []) socket.send(frame);
  });
  new WebSocketServer({ server, path: '/graphql' }).on('connection', (socket) => {
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data)) as {
        type: string;
        payload: { variables: { roomId: string } };
      };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== 'subscribe') return;
      const channel = channelOf(payload.variables.roomId);
      const sockets = rooms.get(channel) ?? new Set();
      if (sockets.size === 0) void subscriber.subscribe(channel);
      rooms.set(channel, sockets.add(socket));
    });
  });
  return listening(server);
};
