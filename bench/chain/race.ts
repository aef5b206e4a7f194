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
 * contestant's own process for each, which says more than speed where others work too.
 */
export type RaceResult = { durations: number[]; measuredMs: number; cpuMsEach: number };

async function race({ contestant, warmUpMs, measureMs, ...surroundings }: Race): Promise<RaceResult> {
  const start = await CONTESTANTS[contestant]?.load();
  if (start === undefined) throw new Error(`there is no contestant ${contestant}`);
  const running = await start(surroundings);
  const durations: number[] = [];
  const startedAt = performance.now();
  let ended = 0;
  let begin = null as Mark | null;
  let end = null as Mark | null;

  // So many at once may take longer than the times given: each viewer's first workflow belongs to the warm-up, and as
  // many again are measured at least.
  function count(durationMs: number): void {
    ended += 1;
    const mark = { at: performance.now(), ended, cpu: process.cpuUsage() };
    if (begin === null) {
      if (mark.at - startedAt >= warmUpMs && ended >= surroundings.atOnce) begin = mark;
    } else if (end === null) {
      durations.push(durationMs);
      if (mark.at - begin.at >= measureMs && ended - begin.ended >= surroundings.atOnce) end = mark;
    }
  }

  async function keepRunning(viewerId: string): Promise<void> {
    while (end === null) {
      const from = performance.now();
      await running.runWorkflow(viewerId);
      count(performance.now() - from);
    }
  }

  // A viewer each, as most are: those of one viewer wait for one another where they start and end.
  await Promise.all(Array.from({ length: surroundings.atOnce }, (_, index) => keepRunning(`viewer-${index}`)));
  await running.close();
  return result(durations, begin, end);
}

type Mark = { at: number; ended: number; cpu: NodeJS.CpuUsage };

function result(durations: number[], begin: Mark | null, end: Mark | null): RaceResult {
  if (begin === null || end === null) throw new Error('it ended before it was measured');
  const cpuUs = end.cpu.user + end.cpu.system - begin.cpu.user - begin.cpu.system;
  return { durations, measuredMs: end.at - begin.at, cpuMsEach: cpuUs / 1_000 / durations.length };
}

const [task] = (await once(process, 'message')) as [Race];
process.send?.(await race(task));
process.disconnect();
