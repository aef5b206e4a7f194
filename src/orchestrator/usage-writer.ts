import { totalUsage, type Usage } from './domain/usage.ts';

export type UsageWriter = {
  add(usage: Usage): void;
  /** Null when nothing was reported. */
  total(): Usage | null;
  /** Settles when everything added has been saved. @throws what `save` threw */
  saved(): Promise<void>;
};

/**
 * Saves the sum of a call's reports each time it grows, one statement at a time: a process that dies loses none.
 * @param save also gets the part of the cost that is known, which counts even if another part is unknown
 */
export function createUsageWriter(save: (total: Usage, knownCostUsd: number) => Promise<void>): UsageWriter {
  let total: Usage | null = null;
  let knownCostUsd = 0;
  let isSaved = true;
  let saving: Promise<void> | null = null;

  async function saveGrown(): Promise<void> {
    while (total !== null && !isSaved) {
      isSaved = true;
      await save(total, knownCostUsd).catch((error: unknown) => {
        isSaved = false;
        throw error;
      });
    }
  }

  function start(): Promise<void> {
    saving ??= saveGrown().finally(() => {
      saving = null;
    });
    return saving;
  }

  return {
    add(usage) {
      total = totalUsage(total === null ? [usage] : [total, usage]);
      knownCostUsd += usage.costUsd ?? 0;
      isSaved = false;
      // A failure is thrown by `saved`, which saves again.
      start().catch(() => {});
    },
    total: () => total,
    saved: start,
  };
}
