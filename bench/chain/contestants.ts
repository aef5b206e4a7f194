import type { StartContestant } from './contestant.ts';

/** Contestants by their name in the table, in the order in which they run. Each loads only its own modules. */
export const CONTESTANTS: Record<string, { load: () => Promise<StartContestant> }> = {
  'floor (no engine)': { load: async () => (await import('./floor.ts')).startFloor },
  'product, embedded': { load: async () => (await import('./product.ts')).startEmbeddedProduct },
  'product, with Redis': { load: async () => (await import('./product.ts')).startProductWithRedis },
  'bare BullMQ': { load: async () => (await import('./bare-bullmq.ts')).startBareBullMq },
  DBOS: { load: async () => (await import('./dbos.ts')).startDbos },
};
