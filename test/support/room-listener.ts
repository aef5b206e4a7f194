import { Redis } from 'ioredis';
import type { AgentLog } from '../../src/index.ts';
import { waitFor } from './wait-for.ts';

export type RoomListener = {
  /** What came, parsed, by room. */
  heard(roomId: string): AgentLog[];
  /** Waits until the room has so many lines, and tells their messages. */
  messages(roomId: string, count: number): Promise<string[]>;
  close(): void;
};

/** Listens to rooms' logs by Redis pub/sub, as a program that streams them to browsers would. */
export async function listenToRooms(redisUrl: string, roomIds: readonly string[]): Promise<RoomListener> {
  const lines = new Map<string, AgentLog[]>(roomIds.map((roomId) => [roomId, []]));
  const channels = roomIds.map((roomId) => `room:${roomId}:logs`);
  const subscriber = new Redis(redisUrl);
  subscriber.on('error', () => {});
  subscriber.on('message', (channel: string, text: string) => {
    lines.get(channel.slice('room:'.length, -':logs'.length))?.push(JSON.parse(text) as AgentLog);
  });
  const heard = (roomId: string) => lines.get(roomId) ?? [];
  await subscriber.subscribe(...channels);
  return {
    heard,
    async messages(roomId, count) {
      await waitFor(`${count} lines`, () => heard(roomId).length >= count);
      return heard(roomId).map(({ message }) => message);
    },
    close: () => subscriber.disconnect(),
  };
}
