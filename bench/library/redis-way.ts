import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type RedisWay = { url: string; state: 'up' | 'slow' | 'mute' | 'down' };

/** Starts the proxy to Redis in a separate process, so that it takes no CPU time from the measured one. */
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
