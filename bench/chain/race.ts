/**
 * Runs one contestant in a separate process, which keeps a number of workflows running for a given time. The task and the
 * result are messages from and to the parent.
 */
import { once } from 'node:events';
import type { Surroundings } from './contestant.ts';
import { CONTESTANTS } from './contestants.ts';

export type Race = Surroundings & { contestant: string; warmUpMs: number; measureMs: number };
/**
 * The durations in ms of the workflows that ended in the measured time, and the CPU time of the contestant's process per
 * workflow, which is the better measure on a shared machine.
 */
export type RaceResult = { durations: number[]; measuredMs: number; cpuMsEach: number };

async function race({ contestant, warmUpMs, measureMs, ...surroundings }: Race): Promise<RaceResult> {
  const start = await CONTESTANTS[contestant]?.load();
  if (start === undefined) throw new Error(`unknown contestant: ${contestant}`);
  const running = await start(surroundings);
  const durations: number[] = [];
  const startedAt = performance.now();
  let ended = 0;
  let begin = null as Mark | null;
  let end = null as Mark | null;

  // Many concurrent workflows may take longer than the given times. The warm-up includes each viewer's first workflow, and
  // at least as many again are measured.
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

  // Each workflow has its own viewer, the usual case: starts and ends of one viewer's workflows wait for one another.
  await Promise.all(Array.from({ length: surroundings.atOnce }, (_, index) => keepRunning(`viewer-${index}`)));
  await running.close();
  return result(durations, begin, end);
}

type Mark = { at: number; ended: number; cpu: NodeJS.CpuUsage };

function result(durations: number[], begin: Mark | null, end: Mark | null): RaceResult {
  if (begin === null || end === null) throw new Error('the run ended before the measured time began');
  const cpuUs = end.cpu.user + end.cpu.system - begin.cpu.user - begin.cpu.system;
  return { durations, measuredMs: end.at - begin.at, cpuMsEach: cpuUs / 1_000 / durations.length };
}

const [task] = (await once(process, 'message')) as [Race];
process.send?.(await race(task));
process.disconnect();
