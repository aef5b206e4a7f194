import { LogEmitterService } from '../../src/index.ts';
import { type RedisWay, startRedisWay } from './redis-way.ts';

const LINES = 4_000;
const WARM_UP = 500;

/** Measures how long each `emitLog` takes to settle, in ms. Lines have about 200 bytes of metadata. */
export async function measureEmitLog(
  redisUrl: string,
  state: RedisWay['state'],
  way: 'one after the other' | '100 at once',
): Promise<number[]> {
  await using redis = await startRedisWay(redisUrl, 'up');
  const emitter = new LogEmitterService(redis.url);
  const durations: number[] = [];
  const metadata = { event: 'attempt.failed', text: 'x'.repeat(160) };
  const emit = async (): Promise<void> => {
    const from = performance.now();
    await emitter.emitLog('room-1', 'story', 'info', 'A line of the log', metadata);
    durations.push(performance.now() - from);
  };
  const emitAll = async (lines: number) => {
    const together = way === '100 at once' ? 100 : 1;
    for (let emitted = 0; emitted < lines; emitted += together) {
      await Promise.all(Array.from({ length: together }, emit));
    }
  };
  await emitAll(WARM_UP);
  redis.become(state);
  await emitAll(WARM_UP);
  durations.length = 0;
  await emitAll(state === 'up' || state === 'down' ? LINES : LINES / 4);
  await emitter.close();
  return durations;
}
