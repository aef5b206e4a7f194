/**
 * Measures complete workflows per second, and the p50 and p99 of their duration. Four agents that do no work are called
 * over real HTTP, and each sends 30 log lines.
 *
 * npm run bench:chain                         1, 50 and 500 concurrent workflows
 * npm run bench:chain -- --at-once 50         only 50
 * npm run bench:chain -- --only product       only contestants whose name contains the word
 * npm run bench:chain -- --seconds 10 --rounds 1
 * npm run bench:chain -- --only Redis --at-once 50 --rounds 1 --profile    also writes a .cpuprofile of each contestant
 * npm run bench:chain -- --memory 10000 --only product    measures memory over this many workflows, 50 concurrent
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Surroundings } from './chain/contestant.ts';
import { CONTESTANTS } from './chain/contestants.ts';
import type { Endurance, MemorySample } from './chain/endurance.ts';
import type { Race, RaceResult } from './chain/race.ts';
import { describeMachine, machineLine } from './support/machine.ts';
import { table, writeResult } from './support/report.ts';
import { startServices } from './support/services.ts';
import { summarize } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    'at-once': { type: 'string', multiple: true, default: ['1', '50', '500'] },
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const LINES_PER_AGENT = 30;
const WARM_UP_MS = 2_000;

const notCounts = options['at-once'].filter((atOnce) => !/^[1-9]\d*$/.test(atOnce));
if (notCounts.length > 0)
  throw new Error(`--at-once must be a positive integer, not ${notCounts[0]}; repeat the option for several`);

const names = Object.keys(CONTESTANTS).filter((name) => name.includes(options.only));
const results: { contestant: string; atOnce: number; rates: number[]; durations: number[]; cpuMs: number[] }[] =
  options['at-once'].flatMap((atOnce) =>
    names.map((contestant) => ({ contestant, atOnce: Number(atOnce), rates: [], durations: [], cpuMs: [] })),
  );

await using services = await startServices();
const machine = describeMachine(services.versions, ['bullmq', '@dbos-inc/dbos-sdk']);
console.log(machineLine(machine));
const agents = fork(new URL('./chain/agents.ts', import.meta.url), [String(LINES_PER_AGENT)]);
const [agentsUrl] = (await once(agents, 'message')) as [string];

if (options.memory === undefined) await measureSpeed();
else await measureMemory(Number(options.memory));
agents.kill();

async function measureSpeed(): Promise<void> {
  // Each round runs every contestant, so that other load on the machine affects all of them alike.
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (const result of results) {
      const { durations, measuredMs, cpuMsEach } = await runOnce(result.contestant, result.atOnce);
      result.rates.push(durations.length / (measuredMs / 1_000));
      result.durations.push(...durations);
      result.cpuMs.push(cpuMsEach);
      const rate = result.rates.at(-1)?.toFixed(1);
      console.log(`round ${round}: ${result.contestant}, ${result.atOnce} at once: ${rate} workflows/s`);
    }
  }

  const rows = results.map(({ contestant, atOnce, rates, durations, cpuMs }) => {
    const { p50, p99, count } = summarize(durations);
    return {
      contestant,
      atOnce,
      perSecond: summarize(rates).p50,
      p50Ms: p50,
      p99Ms: p99,
      cpuMsEach: summarize(cpuMs).p50,
      count,
      rates,
    };
  });
  console.log(
    `\n${table(
      ['', 'at once', 'workflows/s', 'p50 ms', 'p99 ms', 'CPU ms each'],
      rows.map((row) => [row.contestant, row.atOnce, row.perSecond, row.p50Ms, row.p99Ms, row.cpuMsEach]),
    )}`,
  );
  console.log(`\n${writeResult('chain', { machine, linesPerAgent: LINES_PER_AGENT, rows })}`);
}

async function runOnce(contestant: string, atOnce: number): Promise<RaceResult> {
  const profiled = ['--cpu-prof', `--cpu-prof-dir=${fileURLToPath(new URL('./results/', import.meta.url))}`];
  const child = fork(new URL('./chain/race.ts', import.meta.url), { execArgv: options.profile ? profiled : [] });
  const measureMs = Number(options.seconds) * 1_000;
  const task: Race = { ...(await surroundings(atOnce)), contestant, warmUpMs: WARM_UP_MS, measureMs };
  return await runTask<RaceResult>(child, task);
}

async function measureMemory(workflows: number): Promise<void> {
  for (const contestant of names) {
    const child = fork(new URL('./chain/endurance.ts', import.meta.url), { execArgv: ['--expose-gc'] });
    const task: Endurance = { ...(await surroundings(50)), contestant, workflows };
    const samples = await runTask<MemorySample[]>(child, task);
    const cells = samples.map((sample) => [sample.workflows, sample.rssMiB, sample.heapMiB]);
    console.log(`\n${contestant}\n\n${table(['workflows', 'resident MiB', 'heap MiB'], cells)}`);
    console.log(`\n${writeResult('chain-memory', { machine, contestant, samples })}`);
  }
}

async function surroundings(atOnce: number): Promise<Surroundings> {
  return {
    atOnce,
    databaseUrl: await services.createDatabase('bench_chain', { migrated: true }),
    emptyDatabaseUrl: await services.createDatabase('bench_chain_empty'),
    redisUrl: services.redisUrl,
    agentUrls: {
      story: `${agentsUrl}/story`,
      asset: `${agentsUrl}/asset`,
      code: `${agentsUrl}/code`,
      deploy: `${agentsUrl}/deploy`,
    },
  };
}

async function runTask<T>(child: ChildProcess, task: Race | Endurance): Promise<T> {
  child.send(task);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the contestant's process ended with ${code}`);
  });
  ended.catch(() => {});
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  await ended.catch(() => {});
  return message;
}
