/**
 * Compares the cost of sending log lines to many watchers over WebSocket: CPU time of the server process per delivered
 * message, messages per second, time from publish to receive, and memory per idle watcher.
 *
 * npm run bench:fanout
 * npm run bench:fanout -- --only product --setting 2000 --rounds 1 --seconds 3
 */
import { parseArgs } from 'node:util';
import { connectDb } from '../src/db/client.ts';
import { insertQueuedWorkflow, insertRoom } from '../test/support/databases/rows.ts';
import { CONTESTANTS } from './fanout/contestants.ts';
import { measureReplay } from './fanout/replay.ts';
import { type Measured, runOne, type Setting } from './fanout/run-one.ts';
import { describeMachine, machineLine } from './support/machine.ts';
import { table, writeResult } from './support/report.ts';
import { startServices } from './support/services.ts';
import { summarize } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    setting: { type: 'string', default: '' },
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '3' },
  },
});
const SETTINGS: readonly Setting[] = [
  { name: '200 watchers, 1 room', watchers: 200, rooms: 1, perSecond: 15, burst: 100, bursts: 5 },
  { name: '2000 watchers, 1 room', watchers: 2_000, rooms: 1, perSecond: 1.5, burst: 30, bursts: 3 },
  { name: '200 rooms, 1 watcher each', watchers: 200, rooms: 200, perSecond: 15, burst: 100, bursts: 3 },
];
const PACKAGES = ['@apollo/server', 'fastify', 'graphql', 'graphql-redis-subscriptions', 'graphql-ws', 'graphql-yoga'];

await using services = await startServices();
const machine = describeMachine(services.versions, [...PACKAGES, 'ioredis', 'mercurius', 'mqemitter-redis', 'ws']);
console.log(machineLine(machine));
const databaseUrl = await services.createDatabase('bench_fanout', { migrated: true });
const { redisUrl } = services;
const rooms = await makeRooms(200);

const runs: (Measured & { setting: string; contestant: string })[] = [];
// Each round runs every contestant, so that other load on the machine affects all of them alike.
for (let round = 1; round <= Number(options.rounds); round += 1) {
  for (const setting of SETTINGS.filter(({ name }) => name.includes(options.setting))) {
    for (const contestant of Object.keys(CONTESTANTS).filter((name) => name.includes(options.only))) {
      const contestantRooms = rooms.slice(0, setting.rooms);
      const seconds = Number(options.seconds);
      const measured = await runOne({ contestant, setting, rooms: contestantRooms, seconds, redisUrl, databaseUrl });
      runs.push({ ...measured, setting: setting.name, contestant });
      const { steady, burst } = measured;
      const lost = steady.expected - steady.delivered + burst.expected - burst.delivered;
      const figures = `${steady.cpuUsEach.toFixed(1)} µs steady, ${burst.cpuUsEach.toFixed(1)} µs in bursts`;
      console.log(`round ${round}: ${setting.name}, ${contestant}: ${figures}${lost > 0 ? `, ${lost} lost` : ''}`);
    }
  }
}
const replay = await measureReplay({ redisUrl, databaseUrl });

const median = (values: number[]) => summarize(values).p50;
const rows = SETTINGS.flatMap(({ name }) =>
  Object.keys(CONTESTANTS).flatMap((contestant) => {
    const matching = runs.filter((run) => run.setting === name && run.contestant === contestant);
    if (matching.length === 0) return [];
    const latencies = (phase: 'steady' | 'burst', which: 'p50' | 'p99') =>
      median(matching.map((run) => summarize(run[phase].latenciesMs)[which]));
    return {
      setting: name,
      contestant,
      steadyUs: median(matching.map(({ steady }) => steady.cpuUsEach)),
      burstUs: median(matching.map(({ burst }) => burst.cpuUsEach)),
      burstPerSecond: median(matching.map(({ burst }) => burst.perSecond)),
      steadyP50: latencies('steady', 'p50'),
      steadyP99: latencies('steady', 'p99'),
      burstP50: latencies('burst', 'p50'),
      burstP99: latencies('burst', 'p99'),
      kibPerWatcher: median(matching.map(({ bytesPerWatcher }) => bytesPerWatcher)) / 1_024,
    };
  }),
);
const raw = (setting: string) => rows.find((row) => row.setting === setting && row.contestant.startsWith('raw'));
console.log(
  `\n${table(
    [
      ...['', '', 'µs each, steady', '× raw', 'µs each, bursts', '× raw', 'messages/s in bursts'],
      ...['p50 ms', 'p99 ms', 'p50 ms, bursts', 'p99 ms, bursts', 'KiB per watcher'],
    ],
    rows.map((row) => [
      ...[row.setting, row.contestant, row.steadyUs, row.steadyUs / (raw(row.setting)?.steadyUs ?? Number.NaN)],
      ...[row.burstUs, row.burstUs / (raw(row.setting)?.burstUs ?? Number.NaN), row.burstPerSecond],
      ...[row.steadyP50, row.steadyP99, row.burstP50, row.burstP99, row.kibPerWatcher],
    ]),
  )}`,
);
console.log(`\nReplay of 1,000 lines: p50 ${replay.p50.toFixed(0)} ms, max ${replay.max.toFixed(0)} ms`);
console.log(`\n${writeResult('fanout', { machine, rows, replay })}`);

async function makeRooms(count: number): Promise<string[]> {
  const { db, close } = connectDb(databaseUrl);
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const roomId = await insertRoom(db, 'local');
    await insertQueuedWorkflow(db, { viewerId: 'local', roomId });
    ids.push(roomId);
  }
  await close();
  return ids;
}
