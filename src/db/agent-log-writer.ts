import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { AppendAgentLines, Lease } from '../orchestrator/ports/store.ts';
import { type Append, appendTogether } from './append-batch.ts';
import { append, readAfter } from './append-lines.ts';
import { gather } from './batcher.ts';
import type { Db, Fragment, Sql } from './client.ts';
import { retried } from './transaction.ts';

/** Lines of one statement for several rooms. */
const MAX_TOGETHER = 500;
/** Such statements under way at once: while the disk is waited for the next can be sent. */
const STATEMENTS_AT_ONCE = 2;
const PATIENCE_MS = 1_000;

/**
 * What agents in several rooms write at one time is appended in one statement. What that leaves out, for whatever reason,
 * is appended by itself.
 * @see {@link AppendAgentLines}
 */
export function createAgentLog(db: Db): AppendAgentLines {
  type Settled = (lines: LogLine[] | null) => void;
  const alone = appendAlone(db);
  const rooms = new Set<string>();
  const add = gather<{ append: Append; settle: Settled }>(
    async (items) => {
      const appends = items.map(({ append }) => append);
      // Whether it failed before or after the commit: `alone` finds out.
      const written = await appendTogether(db.$client, appends).catch(() => []);
      for (const [index, { append, settle }] of items.entries()) {
        rooms.delete(append.roomId);
        settle(written[index] ?? null);
      }
    },
    { runs: STATEMENTS_AT_ONCE, weight: MAX_TOGETHER, patienceMs: PATIENCE_MS },
  );
  return async (lease, roomId, lines, afterSeq) => {
    if (lines.length === 0) return [];
    if (afterSeq === undefined || rooms.has(roomId)) return await alone(lease, roomId, lines, afterSeq);
    rooms.add(roomId);
    const written = await new Promise<LogLine[] | null>((settle) => {
      add({ append: { lease, roomId, lines, afterSeq }, settle }, lines.length);
    });
    return written ?? (await alone(lease, roomId, lines, afterSeq));
  };
}

function appendAlone(db: Db): AppendAgentLines {
  const client = db.$client;
  return async (lease, roomId, lines, afterSeq) => {
    const place = { roomId, workflowId: lease.workflowId };
    const written = await retried(() => append(client, place, lines, held(client, lease), afterSeq));
    if (written.length > 0) return written;
    if (afterSeq === undefined || !(await isHeld(client, lease))) return null;
    // The log has grown though nobody else may write to it: by this batch, whose answer was lost.
    const found = await readAfter(db, roomId, afterSeq, lines.length);
    const isThisBatch = lines.every(({ message }, index) => found[index]?.message === message);
    if (isThisBatch) return found;
    const again = await retried(() => append(client, place, lines, held(client, lease)));
    return again.length === 0 ? null : again;
  };
}

/** A row while the lease is held; whoever would take the step over waits until the lines are committed. */
const held = (client: Sql, lease: Lease): Fragment => client`
  select from steps
  where workflow_id = ${lease.workflowId} and agent = ${lease.agent}
    and lease_worker_id = ${lease.workerId} and lease_number = ${lease.number}
  for share`;

const isHeld = async (client: Sql, lease: Lease) => (await client`${held(client, lease)}`).length === 1;
