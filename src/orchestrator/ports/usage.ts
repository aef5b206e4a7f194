import type { Usage } from '../domain/usage.ts';
import type { Lease } from './store.ts';

/**
 * Saves what a call has consumed so far, in place of what was saved for the call before. It is saved even if the lease
 * was lost meanwhile, since it was consumed all the same.
 * @param knownCostUsd the part of the cost that is known, also when the total is not
 */
export type SaveUsage = (lease: Lease, attempt: number, total: Usage, knownCostUsd: number) => Promise<void>;

/** What the calls of a workflow have cost as far as it is known, in US dollars. */
export type ReadSpentUsd = (workflowId: string) => Promise<number>;
