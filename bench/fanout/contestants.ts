import type { StartContestant } from './contestant.ts';

/** Contestants by their name in the table, in the order in which they run. */
export const CONTESTANTS: Record<string, () => Promise<{ start: StartContestant }>> = {
  'raw ws broadcast': () => import('./raw.ts'),
  product: () => import('./product.ts'),
  'Yoga + graphql-redis-subscriptions': () => import('./yoga.ts'),
  'Apollo Server 5 + graphql-redis-subscriptions': () => import('./apollo.ts'),
  'Mercurius + mqemitter-redis': () => import('./mercurius.ts'),
};
/** The contestant whose lines are published in the envelope of its emitter. */
export const PUBLISHES_BY_EMITTER = 'Mercurius + mqemitter-redis';
