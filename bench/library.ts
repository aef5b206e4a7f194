/**
 * Measures the library on loopback: the duration of `emitLog` while Redis is up, slow, unresponsive and down; the time
 * from a deployment's notification to each of 1,000 clients; and the cost of the chain with agents that respond at once.
 *
 * npm run bench:library
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../test/support/redis/test-redis.ts';
import { measureChain } from './library/chain.ts';
import { measureEmitLog } from './library/emit-log.ts';
import { measureNotifications } from './library/notifications.ts';
import { describeMachine, machineLine } from './support/machine.ts';
import { table, writeResult } from './support/report.ts';
import { redisVersion } from './support/services.ts';
import { type Summary, summarize } from './support/statistics.ts';

type Row = Summary & { what: string; aimMs: number | null };

const redis = await startRedis();
const machine = describeMachine({ redis: await redisVersion(redis.url) }, ['ioredis', 'ws', 'graphql-ws', 'graphql']);
console.log(machineLine(machine));

const rows: Row[] = [];
const add = (what: string, aimMs: number | null, durations: number[]) => {
  rows.push({ what, aimMs, ...summarize(durations) });
  console.log(`measured: ${what}`);
};

// The machine's own timer delay, since the emitter waits for a 5 ms timer when Redis does not confirm.
add('a bare timer of 5 ms', null, await measureTimer(5));
for (const way of ['one after the other', '100 at once'] as const) {
  for (const state of ['up', 'slow', 'mute', 'down'] as const) {
    add(`emitLog, Redis ${state}, ${way}`, 10, await measureEmitLog(redis.url, state, way));
  }
}
add('notification, 1,000 clients of one room', 50, await measureNotifications({ clients: 1_000, rooms: 1 }));
add('notification, 1,000 clients of 100 rooms', 50, await measureNotifications({ clients: 1_000, rooms: 100 }));
add('the chain, one workflow after the other', 2, await measureChain(1));
add('the chain, 50 workflows at once, each', 2, await measureChain(50));

await redis.stop();
console.log(
  `\n${table(
    ['', 'times', 'mean ms', 'p50 ms', 'p99 ms', 'max ms', 'p99 aimed at'],
    rows.map((row) => [
      row.what,
      row.count,
      row.mean,
      row.p50,
      row.p99,
      row.max,
      row.aimMs === null ? 'to compare' : `${row.aimMs} ms`,
    ]),
  )}`,
);
console.log(`\n${writeResult('library', { machine, rows })}`);

async function measureTimer(ms: number): Promise<number[]> {
  const durations: number[] = [];
  for (let nth = 0; nth < 500; nth += 1) {
    const from = performance.now();
    await sleep(ms);
    durations.push(performance.now() - from);
  }
  return durations;
}
