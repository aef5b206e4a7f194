import { once } from 'node:events';
import { Redis } from 'ioredis';
import MQEmitterRedis from 'mqemitter-redis';
import type { Line } from './contestant.ts';
import { PUBLISHES_BY_EMITTER } from './contestants.ts';
import { channelOf } from './schema.ts';

export type Publisher = {
  /** Publishes one line to each room. */
  publish(rooms: readonly string[]): void;
  /** The number of lines published so far. */
  count(): number;
  close(): void;
};

/** Publishes lines in the contestant's format: plain JSON, or the envelope of mqemitter-redis. */
export async function createPublisher(contestant: string, redisUrl: string): Promise<Publisher> {
  const seqs = new Map<string, number>();
  let count = 0;
  const redis = new Redis(redisUrl);
  const emitter = contestant === PUBLISHES_BY_EMITTER ? MQEmitterRedis({ connectionString: redisUrl }) : null;
  if (redis.status !== 'ready') await once(redis, 'ready');
  return {
    publish(rooms) {
      for (const roomId of rooms) {
        const seq = (seqs.get(roomId) ?? 0) + 1;
        seqs.set(roomId, seq);
        count++;
        const line = lineOf(roomId, seq);
        if (emitter === null) void redis.publish(channelOf(roomId), JSON.stringify(line));
        else emitter.emit({ topic: channelOf(roomId), payload: line } as never);
      }
    },
    count: () => count,
    close() {
      redis.disconnect();
      emitter?.close(() => {});
    },
  };
}

function lineOf(roomId: string, seq: number): Line {
  const publishedMs = (Number(process.hrtime.bigint()) / 1e6).toFixed(3);
  return {
    id: Buffer.from(`log|${roomId}|${seq}`).toString('base64url'),
    seq,
    workflowId: roomId,
    timestamp: new Date().toISOString(),
    agentType: 'story',
    level: 'info',
    message: `@${publishedMs}@ writing the chapter about the lighthouse and the sailors who remember it`,
    metadata: { progress: seq % 100, part: 'chapter' },
  };
}
