import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from './contestant.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import type { Cost, ServerTask } from './server.ts';
import type { Received, WatchersTask } from './watchers.ts';

const WARM_UP_MESSAGES = 200_000;

export type Setting = {
  name: string;
  watchers: number;
  rooms: number;
  /** Lines per second and lines per burst, in each room. */
  perSecond: number;
  burst: number;
  bursts: number;
};

export type Phase = {
  delivered: number;
  expected: number;
  cpuUsEach: number;
  perSecond: number;
  latenciesMs: number[];
};
export type Measured = { steady: Phase; burst: Phase; bytesPerWatcher: number };

/** Runs one contestant in one setting. Its server and the watchers have their own processes; this one publishes. */
export async function runOne(
  task: Surroundings & { contestant: string; setting: Setting; rooms: readonly string[]; seconds: number },
): Promise<Measured> {
  const { contestant, setting, rooms, seconds, redisUrl, databaseUrl } = task;
  const server = fork(new URL('./server.ts', import.meta.url), { execArgv: ['--expose-gc'] });
  const watchers = fork(new URL('./watchers.ts', import.meta.url));
  const publisher = await createPublisher(contestant, redisUrl);
  try {
    const url = await ask<string>(server, { contestant, redisUrl, databaseUrl } satisfies ServerTask);
    const connect = async (from: number, to: number): Promise<Cost> => {
      await ask(watchers, { url, rooms, from, to } satisfies WatchersTask);
      // Subscriptions may still be on their way to Redis, and the product's to PostgreSQL, where these lines are not stored.
      await sleep(3_000);
      return await ask<Cost>(server, 'memory');
    };
    // The first watchers also pay one-time costs, which must not count.
    const first = Math.round(setting.watchers / 10);
    const before = await connect(0, first);
    const after = await connect(first, setting.watchers);
    const each = setting.watchers / rooms.length;
    const measure = async (publish: () => Promise<void>): Promise<Phase> => {
      const linesBefore = publisher.count();
      const cost = await ask<Cost>(server, 'cost');
      const begin = performance.now();
      await publish();
      const expected = (publisher.count() - linesBefore) * each;
      const received = await ask<Received>(watchers, { waitFor: expected, withinMs: 60_000 });
      const tookMs = performance.now() - begin;
      const { cpuUs } = await ask<Cost>(server, 'cost');
      const { count: delivered, latenciesMs } = received;
      return {
        ...{ delivered, expected, latenciesMs },
        cpuUsEach: (cpuUs - cost.cpuUs) / delivered,
        perSecond: delivered / (tookMs / 1_000),
      };
    };
    // Warms up the JIT compiler and caches. At a few lines per second, per-line code would otherwise be compiled later.
    for (let warmed = 0; warmed < WARM_UP_MESSAGES; warmed += setting.burst * setting.watchers) {
      await measure(async () => burst(publisher, rooms, setting.burst));
    }
    await measure(() => steadily(publisher, rooms, setting.perSecond, 2));
    const steady = await measure(() => steadily(publisher, rooms, setting.perSecond, seconds));
    const bursts: Phase[] = [];
    for (let n = 0; n < setting.bursts; n++) {
      bursts.push(await measure(async () => burst(publisher, rooms, setting.burst)));
    }
    const mean = (of: (phase: Phase) => number) => bursts.reduce((sum, phase) => sum + of(phase), 0) / bursts.length;
    return {
      steady,
      burst: {
        delivered: mean(({ delivered }) => delivered),
        expected: mean(({ expected }) => expected),
        cpuUsEach: mean(({ cpuUsEach }) => cpuUsEach),
        perSecond: mean(({ perSecond }) => perSecond),
        latenciesMs: bursts.flatMap(({ latenciesMs }) => latenciesMs),
      },
      bytesPerWatcher: (after.residentBytes - before.residentBytes) / (setting.watchers - first),
    };
  } finally {
    publisher.close();
    await Promise.all([end(server), end(watchers)]);
  }
}

/** Publishes lines evenly over rooms and time. */
async function steadily(publisher: Publisher, rooms: readonly string[], perSecond: number, seconds: number) {
  const everyMs = 1_000 / (perSecond * rooms.length);
  const begin = performance.now();
  let published = 0;
  while (performance.now() - begin < seconds * 1_000) {
    const due = Math.floor((performance.now() - begin) / everyMs) + 1;
    for (; published < due; published++) publisher.publish([rooms[published % rooms.length] ?? '']);
    await sleep(Math.max(1, everyMs / 2));
  }
}

function burst(publisher: Publisher, rooms: readonly string[], lines: number): void {
  for (let line = 0; line < lines; line++) publisher.publish(rooms);
}

function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (answer: T) => {
      child.off('exit', ended);
      resolve(answer);
    });
    child.send(message);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
