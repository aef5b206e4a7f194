import type { StartContestant } from './contestant.ts';
import { startEmbeddedProduct } from './product.ts';

/** By the name under which the table has them; in the order in which they run. */
export const CONTESTANTS: Record<string, { start: StartContestant }> = {
  'product, embedded': { start: startEmbeddedProduct },
};
