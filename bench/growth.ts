/**
 * Measures the most frequent operations in a database of five million log lines and in one of a few thousand: their
 * duration, and how much of the tables they read.
 *
 * npm run bench:growth
 * npm run bench:growth -- --lines 500000 --times 100
 */
import { parseArgs } from 'node:util';
import { connectDb } from '../src/db/client.ts';
import {
  blocksOf,
  fillDatabase,
  type Operation,
  operationsOn,
  plansOf,
  type Size,
} from '../test/support/databases/large-database.ts';
import { describeMachine, machineLine } from './support/machine.ts';
import { table, writeResult } from './support/report.ts';
import { startServices } from './support/services.ts';
import { summarize } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: { lines: { type: 'string', default: '5000000' }, times: { type: 'string', default: '200' } },
});
const lines = Number(options.lines);
/** One room has a fifth of all lines. */
const sizes: Record<'small' | 'large', Size> = {
  small: { rooms: 25, linesPerRoom: 200, longRoomLines: 1_000 },
  large: { rooms: Math.round((lines * 0.8) / 200), linesPerRoom: 200, longRoomLines: lines / 5 },
};

await using services = await startServices();
const machine = describeMachine(services.versions, ['postgres']);
console.log(machineLine(machine));

async function open(name: keyof typeof sizes) {
  const database = connectDb(await services.createDatabase(`bench_growth_${name}`, { migrated: true }));
  const begun = performance.now();
  const roomId = await fillDatabase(database.client, sizes[name]);
  console.log(`${name}: filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  const { longRoomLines } = sizes[name];
  return { ...database, roomId, longRoomLines, operations: operationsOn(database.db, roomId, longRoomLines) };
}
const databases = { small: await open('small'), large: await open('large') };

const rows = [];
for (const operation of Object.keys(databases.small.operations) as Operation[]) {
  const durations = { small: [] as number[], large: [] as number[] };
  const blocks = { small: 0, large: 0 };
  const scans: string[] = [];
  for (const name of ['small', 'large'] as const) {
    const { client, roomId, longRoomLines } = databases[name];
    const plans = await plansOf(client, roomId, longRoomLines, operation);
    blocks[name] = blocksOf(plans);
    if (name === 'large')
      scans.push(...plans.flat().flatMap(({ type, relation }) => (relation ? [`${type} ${relation}`] : [])));
  }
  for (let time = -20; time < Number(options.times); time += 1) {
    // Databases take turns, so that other load on the machine affects both alike. The first runs are not counted.
    for (const name of ['small', 'large'] as const) {
      const begun = performance.now();
      await databases[name].operations[operation]();
      if (time >= 0) durations[name].push(performance.now() - begun);
    }
  }
  rows.push({ operation, small: summarize(durations.small), large: summarize(durations.large), blocks, scans });
}

const cells = rows.map(({ operation, small, large, blocks }) => [
  operation,
  ...[small.p50, large.p50, large.p50 / small.p50, small.p99, large.p99, blocks.small, blocks.large],
]);
const headings = [
  '',
  'p50 small ms',
  'p50 large ms',
  'ratio',
  'p99 small ms',
  'p99 large ms',
  'pages small',
  'pages large',
];
console.log(`\n${table(headings, cells)}\n`);
for (const { operation, scans } of rows) console.log(`${operation}: ${[...new Set(scans)].join(', ')}`);
console.log(`\n${writeResult('growth', { machine, sizes, rows })}`);
for (const { close } of Object.values(databases)) await close();
