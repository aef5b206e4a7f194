import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { AppendAgentLines } from '../orchestrator/ports/store.ts';
import { type Append, appendBatch } from './append-batch.ts';
import { appendLines, holdsLease } from './append-lines.ts';
import { createBatcher } from './batcher.ts';
import type { Db } from './client.ts';
import { readAfter } from './log-reader.ts';
import { retried } from './transaction.ts';

/** Lines of one statement for several rooms. */
const MAX_LINES = 500;
/** Two statements at once: the next is sent while the disk is still writing the last. */
const CONCURRENCY = 2;
const TIMEOUT_MS = 1_000;

/**
 * Lines that agents write in several rooms at one time share a statement. An append that the statement leaves out, for
 * whatever reason, is made by itself.
 * @see {@link AppendAgentLines}
 */
export function createAgentLogWriter(db: Db): AppendAgentLines {
  type Settle = (lines: LogLine[] | null) => void;
  const appendSingly = createSingleAppend(db);
  /** Rooms with an append in a batch: there can be only one. */
  const batchedRooms = new Set<string>();
  const addToBatch = createBatcher<{ append: Append; settle: Settle }>(
    async (items) => {
      const appends = items.map(({ append }) => append);
      // It may have failed before or after its commit: appending singly finds out which.
      const written = await appendBatch(db.$client, appends).catch(() => []);
      for (const [index, { append, settle }] of items.entries()) {
        batchedRooms.delete(append.roomId);
        settle(written[index] ?? null);
      }
    },
    { concurrency: CONCURRENCY, maxWeight: MAX_LINES, timeoutMs: TIMEOUT_MS },
  );
  return async (lease, roomId, lines, afterSeq) => {
    if (lines.length === 0) return [];
    if (afterSeq === undefined || batchedRooms.has(roomId)) return await appendSingly(lease, roomId, lines, afterSeq);
    batchedRooms.add(roomId);
    const written = await new Promise<LogLine[] | null>((settle) => {
      addToBatch({ append: { lease, roomId, lines, afterSeq }, settle }, lines.length);
    });
    return written ?? (await appendSingly(lease, roomId, lines, afterSeq));
  };
}

function createSingleAppend(db: Db): AppendAgentLines {
  const client = db.$client;
  return async (lease, roomId, lines, afterSeq) => {
    const log = { roomId, workflowId: lease.workflowId };
    const written = await retried(() => appendLines(client, log, lines, { lease, afterSeq }));
    if (written.length > 0) return written;
    if (afterSeq === undefined || !(await holdsLease(client, lease))) return null;
    // The log has grown, and only this lease's worker may write to it: this batch was written, and its answer lost.
    const found = await readAfter(db, roomId, afterSeq, lines.length);
    const isThisBatch = lines.every(({ message }, index) => found[index]?.message === message);
    if (isThisBatch) return found;
    const again = await retried(() => appendLines(client, log, lines, { lease }));
    return again.length === 0 ? null : again;
  };
}
