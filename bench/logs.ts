/**
 * Measures the time from handing over a line to its commit, at 5,000 lines per second, with Redis up and down; and how
 * long a new watcher waits for the last of a thousand lines that are already stored.
 *
 * npm run bench:logs
 * npm run bench:logs -- --per-second 2000 --seconds 5
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectDb } from '../src/db/client.ts';
import { createInProcessPubSub } from '../src/pubsub/in-process-pubsub.ts';
import { createRedisPubSub } from '../src/pubsub/redis-pubsub.ts';
import { openPubSubConnections } from '../src/redis/pubsub-connections.ts';
import { freePort } from '../test/support/network/free-port.ts';
import { measureEmission } from './logs/emission.ts';
import { measureReplay } from './logs/replay.ts';
import { describeMachine, machineLine } from './support/machine.ts';
import { table, writeResult } from './support/report.ts';
import { startServices } from './support/services.ts';
import { type Summary, summarize } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    'per-second': { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
    times: { type: 'string', default: '50' },
  },
});
const perSecond = Number(options['per-second']);
const seconds = Number(options.seconds);

await using services = await startServices();
const machine = describeMachine(services.versions, ['postgres', 'ioredis']);
console.log(machineLine(machine));
const database = connectDb(await services.createDatabase('bench_logs', { migrated: true }));

const overRedis = (url: string) => () =>
  createRedisPubSub(
    openPubSubConnections(url, () => undefined),
    () => undefined,
  );
const unavailableUrl = `redis://127.0.0.1:${await freePort()}`;
const redis = { none: createInProcessPubSub, up: overRedis(services.redisUrl), down: overRedis(unavailableUrl) };

type Row = Summary & { what: string; rate: number | null; aimMs: number | null };
const rows: Row[] = [];
const add = (what: string, durations: number[], aimMs: number | null, rate: number | null = null) => {
  rows.push({ what, rate, aimMs, ...summarize(durations) });
  console.log(`measured: ${what}`);
};

add('a bare timer of 5 ms, while nothing else is done', await timers(), null);
for (const agents of [1, 10, 50]) {
  for (const [state, open] of Object.entries(redis)) {
    const pubsub = open();
    const { durations, rate } = await measureEmission(database, pubsub, { agents, perSecond, seconds });
    await pubsub.close();
    add(`emission, ${agents} rooms, Redis ${state}`, durations, 10, rate);
  }
}
for (const [way, durations] of Object.entries(await measureReplay(database, Number(options.times)))) {
  add(`replay of 1,000 lines, ${way}`, durations, 100);
}

const cells = rows.map(({ what, rate, count, mean, p50, p99, max, aimMs }) => [
  ...[what, rate, count, mean, p50, p99, max],
  aimMs,
]);
console.log(`\n${table(['', 'lines/s', 'times', 'mean ms', 'p50 ms', 'p99 ms', 'max ms', 'aim ms'], cells)}`);
console.log(`\n${writeResult('logs', { machine, perSecond, rows })}`);
await database.close();

async function timers(): Promise<number[]> {
  const durations = [];
  for (let time = 0; time < 300; time += 1) {
    const begun = performance.now();
    await sleep(5);
    durations.push(performance.now() - begun);
  }
  return durations;
}
