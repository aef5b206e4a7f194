/**
 * Runs one contestant in a separate process for a number of workflows and samples the process's memory after each tenth
 * of them (the heap after a garbage collection, so it needs --expose-gc). The task and the samples are messages from and
 * to the parent, as in race.ts.
 */
import { once } from 'node:events';
import type { Surroundings } from './contestant.ts';
import { CONTESTANTS } from './contestants.ts';

export type Endurance = Surroundings & { contestant: string; workflows: number };
export type MemorySample = { workflows: number; rssMiB: number; heapMiB: number };

const MIB = 2 ** 20;

async function endure({ contestant, workflows, ...surroundings }: Endurance): Promise<MemorySample[]> {
  const start = await CONTESTANTS[contestant]?.load();
  if (start === undefined) throw new Error(`unknown contestant: ${contestant}`);
  const running = await start(surroundings);
  const samples: MemorySample[] = [];
  let begun = 0;
  let ended = 0;

  async function keepRunning(viewerId: string): Promise<void> {
    while (begun < workflows) {
      begun += 1;
      await running.runWorkflow(viewerId);
      ended += 1;
      if (ended % (workflows / 10) !== 0) continue;
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      samples.push({ workflows: ended, rssMiB: rss / MIB, heapMiB: heapUsed / MIB });
    }
  }

  await Promise.all(Array.from({ length: surroundings.atOnce }, (_, index) => keepRunning(`viewer-${index}`)));
  await running.close();
  return samples;
}

const [task] = (await once(process, 'message')) as [Endurance];
process.send?.(await endure(task));
process.disconnect();
