import { Redis } from 'ioredis';
import type { AgentLog } from '../../../src/index.ts';

/** Records the lines that are published for a room from now on. `close` stops recording and returns them. */
export async function recordRoomLog(redisUrl: string, roomId: string): Promise<{ close(): Promise<AgentLog[]> }> {
  const redis = new Redis(redisUrl);
  const lines: AgentLog[] = [];
  redis.on('message', (_channel, text) => lines.push(JSON.parse(text)));
  await redis.subscribe(`room:${roomId}:logs`);
  return {
    async close() {
      await redis.ping(); // the response comes after everything published before it
      redis.disconnect();
      return lines;
    },
  };
}
