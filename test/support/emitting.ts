import { onTestFinished } from 'vitest';
import { LogEmitterService } from '../../src/index.ts';
import { listenToRooms, type RoomListener } from './room-listener.ts';

/** An emitter that is closed when the test has ended. */
export function openEmitter(url: string): LogEmitterService {
  const emitter = new LogEmitterService(url);
  onTestFinished(() => emitter.close());
  return emitter;
}

/** A listener that is closed when the test has ended. */
export async function listen(url: string, ...rooms: string[]): Promise<RoomListener> {
  const listener = await listenToRooms(url, rooms);
  onTestFinished(() => listener.close());
  return listener;
}

/** `line 3`, `line 4` … before `to`. */
export const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}`);

/** Without waiting for one before the next. */
export async function emitAll(emitter: LogEmitterService, room: string, messages: readonly string[]): Promise<void> {
  await Promise.all(messages.map((message) => emitter.emitLog(room, 'story', 'info', message)));
}
