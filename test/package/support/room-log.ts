import { Redis } from 'ioredis';
import type { AgentLog } from '../../../src/index.ts';

/** Collects what is published for a room, from now on. `close` ends that and returns the lines. */
export async function roomLog(redisUrl: string, roomId: string): Promise<{ close(): Promise<AgentLog[]> }> {
  const redis = new Redis(redisUrl);
  const lines: AgentLog[] = [];
  redis.on('message', (_channel, text) => lines.push(JSON.parse(text)));
  await redis.subscribe(`room:${roomId}:logs`);
  return {
    async close() {
      await redis.ping(); // what was published before has arrived when this is answered
      redis.disconnect();
      return lines;
    },
  };
}
