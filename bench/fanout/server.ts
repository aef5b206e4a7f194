/** Runs a contestant's server in a separate process and reports its cost. */

import type { Surroundings } from './contestant.ts';
import { CONTESTANTS } from './contestants.ts';

export type ServerTask = Surroundings & { contestant: string };
/** The process's total CPU time in µs, and its resident memory in bytes. */
export type Cost = { cpuUs: number; residentBytes: number };

process.on('message', (message: ServerTask | 'cost' | 'memory') => void answer(message));
process.on('disconnect', () => process.exit());

async function answer(message: ServerTask | 'cost' | 'memory'): Promise<void> {
  if (message === 'cost' || message === 'memory') {
    if (message === 'memory') for (let time = 0; time < 3; time++) await settle();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuUs: user + system, residentBytes: process.memoryUsage.rss() } satisfies Cost);
    return;
  }
  const { contestant, ...surroundings } = message;
  const { start } = (await CONTESTANTS[contestant]?.()) ?? {};
  process.send?.((await start?.(surroundings))?.url);
}

async function settle(): Promise<void> {
  global.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 200));
}
