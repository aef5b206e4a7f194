import type { WorkflowStore } from '../orchestrator/ports/store.ts';
import type { Db } from './client.ts';
import { fromRow, roomColumns } from './columns.ts';
import { isBelowRunLimit } from './sql/run-limit.ts';
import { inTransaction, retried } from './transaction.ts';
import { writeChange } from './workflow-change.ts';
import { createWorkflow, lockViewer } from './workflow-create.ts';
import { readSnapshot } from './workflow-snapshot.ts';

/** How often one change is decided anew because another was written first. More often, and something else is wrong. */
const MAX_DECISIONS = 100;

/** @see {@link WorkflowStore} */
export function createWorkflowStore(db: Db): WorkflowStore {
  const client = db.$client;
  return {
    createRoom: ({ id, viewerId, title }) =>
      inTransaction(db, async (tx) => {
        await lockViewer(tx, viewerId);
        const [row] =
          await tx`insert into rooms (id, viewer_id, title) values (${id}, ${viewerId}, ${title}) returning *`;
        if (row === undefined) throw new Error('an insert returned no row');
        return fromRow(roomColumns, row);
      }),

    create: (command, decide) => inTransaction(db, (tx) => createWorkflow(tx, command, decide)),

    async change(target, decide, known) {
      for (let decision = 1; decision <= MAX_DECISIONS; decision += 1) {
        const snapshot = (decision === 1 && known) || (await readSnapshot(client, target));
        if (snapshot === null) return null;
        const verdict = decide(snapshot);
        if (verdict.type === 'skip') return { type: 'skipped', reason: verdict.reason, workflow: snapshot.workflow };
        const changed = await retried(() => writeChange(client, snapshot, verdict.change));
        if (changed !== null) return { type: 'changed', ...changed };
      }
      throw new Error(`workflow ${target.workflowId} was changed by others ${MAX_DECISIONS} times in a row`);
    },

    async promote(viewerId, maxRunning, decide) {
      const queued = await client`select from workflows where viewer_id = ${viewerId} and status = 'queued' limit 1`;
      if (queued.length === 0) return null;
      return await inTransaction(db, async (tx) => {
        await lockViewer(tx, viewerId);
        const [oldest] = await tx<{ id: string }[]>`
          select id from workflows
          where viewer_id = ${viewerId} and status = 'queued' and ${isBelowRunLimit(tx, viewerId, maxRunning)}
          order by created_at, id limit 1`;
        const snapshot = oldest === undefined ? null : await readSnapshot(tx, { workflowId: oldest.id });
        if (snapshot === null) return null;
        const changed = await writeChange(tx, snapshot, decide(snapshot));
        // Nobody else changes it while its viewer is locked; should it be null all the same, the reconciler tries again.
        return changed && { type: 'changed', ...changed };
      });
    },

    snapshot: (viewerId, workflowId) => readSnapshot(client, { workflowId, viewerId }),
  };
}
