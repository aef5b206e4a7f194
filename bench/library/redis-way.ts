import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type RedisWay = { url: string; state: 'up' | 'slow' | 'mute' | 'down' };

/** A way to Redis that can be disturbed, in a process of its own so that it takes no time of the one measured. */
export async function startRedisWay(redisUrl: string, state: RedisWay['state']) {
  const child: ChildProcess = fork(new URL('./redis-proxy.ts', import.meta.url), [redisUrl]);
  const [url] = (await once(child, 'message')) as [string];
  const become = (next: RedisWay['state']) => void child.send(next);
  become(state);
  return {
    url,
    become,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
