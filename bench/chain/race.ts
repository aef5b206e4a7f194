/**
 * One contestant in a process of its own: keeps so many workflows under way for so long. Told what to do, and tells
 * what came of it, by messages from and to the process that forked it.
 */
import { once } from 'node:events';
import type { Surroundings } from './contestant.ts';
import { CONTESTANTS } from './contestants.ts';

export type Race = Surroundings & { contestant: string; warmUpMs: number; measureMs: number };
/**
 * Durations in ms, from start to finished, of the workflows that ended in the time measured; and the CPU time of the
 * contestant's own process for each that ended after the warm-up, which says more than speed where others work too.
 */
export type RaceResult = { durations: number[]; measuredMs: number; cpuMsEach: number };

async function race({ contestant, warmUpMs, measureMs, ...surroundings }: Race): Promise<RaceResult> {
  const start = await CONTESTANTS[contestant]?.load();
  if (start === undefined) throw new Error(`there is no contestant ${contestant}`);
  const running = await start(surroundings);
  const durations: number[] = [];
  let ended = 0;
  const begin = performance.now() + warmUpMs;
  const end = begin + measureMs;
  let cpuAtBegin = process.cpuUsage();
  setTimeout(() => {
    cpuAtBegin = process.cpuUsage();
  }, warmUpMs);

  async function keepRunning(viewerId: string): Promise<void> {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await running.runWorkflow(viewerId);
      const finishedAt = performance.now();
      if (finishedAt >= begin) ended += 1;
      if (finishedAt >= begin && finishedAt < end) durations.push(finishedAt - startedAt);
    }
  }

  // A viewer each, as most are: those of one viewer wait for one another where they start and end.
  await Promise.all(Array.from({ length: surroundings.atOnce }, (_, index) => keepRunning(`viewer-${index}`)));
  const { user, system } = process.cpuUsage(cpuAtBegin);
  await running.close();
  return { durations, measuredMs: measureMs, cpuMsEach: (user + system) / 1_000 / ended };
}

const [task] = (await once(process, 'message')) as [Race];
process.send?.(await race(task));
process.disconnect();
