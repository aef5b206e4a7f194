import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { type AgentLog, LogEmitterService } from '../../../src/index.ts';
import { waitFor } from '../wait-for.ts';

/** A log emitter that is closed at the end of the test. */
export function openEmitter(url: string): LogEmitterService {
  const emitter = new LogEmitterService(url);
  onTestFinished(() => emitter.close());
  return emitter;
}

/** Emits all messages to a room without waiting for one before the next. */
export async function emitAll(emitter: LogEmitterService, room: string, messages: readonly string[]): Promise<void> {
  await Promise.all(messages.map((message) => emitter.emitLog(room, 'story', 'info', message)));
}

/** `line 3`, `line 4` and so on, up to but without `to`. */
export const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}`);

export type RoomListener = {
  /** The lines received so far in this room. */
  received(roomId: string): AgentLog[];
  /** Waits until the room has at least `count` lines, and returns the messages of all. */
  messages(roomId: string, count: number): Promise<string[]>;
};

/**
 * Subscribes to rooms' logs over Redis, as a program that streams them to browsers would. The subscription ends with
 * the test.
 */
export async function listenToRooms(redisUrl: string, ...roomIds: string[]): Promise<RoomListener> {
  const lines = new Map<string, AgentLog[]>(roomIds.map((roomId) => [roomId, []]));
  const subscriber = new Redis(redisUrl);
  onTestFinished(() => subscriber.disconnect());
  subscriber.on('error', () => {});
  subscriber.on('message', (channel: string, text: string) => {
    lines.get(channel.slice('room:'.length, -':logs'.length))?.push(JSON.parse(text) as AgentLog);
  });
  await subscriber.subscribe(...roomIds.map((roomId) => `room:${roomId}:logs`));
  const received = (roomId: string) => lines.get(roomId) ?? [];
  return {
    received,
    async messages(roomId, count) {
      await waitFor(`${count} lines`, () => received(roomId).length >= count);
      return received(roomId).map(({ message }) => message);
    },
  };
}
