/**
 * One contestant in a process of its own: keeps so many workflows under way for so long. Told what to do, and tells
 * what came of it, by messages from and to the process that forked it.
 */
import { once } from 'node:events';
import type { Surroundings } from './contestant.ts';
import { CONTESTANTS } from './contestants.ts';

export type Race = Surroundings & { contestant: string; warmUpMs: number; measureMs: number };
/** Durations in ms, from start to finished, of the workflows that ended in the time measured. */
export type RaceResult = { durations: number[]; measuredMs: number; cpuMs: number; rssMiB: number };

async function race({ contestant, warmUpMs, measureMs, ...surroundings }: Race): Promise<RaceResult> {
  const running = await CONTESTANTS[contestant]?.start(surroundings);
  if (running === undefined) throw new Error(`there is no contestant ${contestant}`);
  const durations: number[] = [];
  const begin = performance.now() + warmUpMs;
  const end = begin + measureMs;
  let cpuAtBegin = process.cpuUsage();
  setTimeout(() => {
    cpuAtBegin = process.cpuUsage();
  }, warmUpMs);

  async function keepRunning(viewerId: string): Promise<void> {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await running?.runWorkflow(viewerId);
      const finishedAt = performance.now();
      if (finishedAt >= begin && finishedAt < end) durations.push(finishedAt - startedAt);
    }
  }

  // A viewer each, as most are: those of one viewer wait for one another where they start and end.
  await Promise.all(Array.from({ length: surroundings.atOnce }, (_, index) => keepRunning(`viewer-${index}`)));
  const { user, system } = process.cpuUsage(cpuAtBegin);
  const rssMiB = process.memoryUsage.rss() / 2 ** 20;
  await running.close();
  return { durations, measuredMs: measureMs, cpuMs: (user + system) / 1_000, rssMiB };
}

const [task] = (await once(process, 'message')) as [Race];
process.send?.(await race(task));
process.disconnect();
