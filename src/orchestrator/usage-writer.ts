import { totalUsage, type Usage } from './domain/usage.ts';

export type UsageWriter = {
  add(usage: Usage): void;
  /** Null when nothing was reported. */
  total(): Usage | null;
  /** Settles when everything added has been saved. @throws what `save` threw */
  saved(): Promise<void>;
};

/** Saves the sum of a call's reports each time it grows, one statement at a time: a process that dies loses none. */
export function createUsageWriter(save: (total: Usage) => Promise<void>): UsageWriter {
  let total: Usage | null = null;
  let isSaved = true;
  let saving: Promise<void> | null = null;

  async function saveGrown(): Promise<void> {
    while (total !== null && !isSaved) {
      isSaved = true;
      await save(total).catch((error: unknown) => {
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
      isSaved = false;
      // A failure is thrown by `saved`, which saves again.
      start().catch(() => {});
    },
    total: () => total,
    saved: start,
  };
}
