import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { StepResults } from '../orchestrator/domain/agent-input.ts';
import type { WorkflowStore } from '../orchestrator/write-ports.ts';
import type { Db } from './client.ts';
import { toRoomRecord, toWorkflowRecord } from './records.ts';
import { rooms, steps, workflows } from './tables.ts';
import { inTransaction } from './transaction.ts';
import { writeChange } from './workflow-change.ts';
import { countRunning, createWorkflow, lockViewer } from './workflow-create.ts';
import { lockWorkflow, readView } from './workflow-view.ts';

/** Asks for the change to be run again with the locks that ending a workflow needs. */
const needsRoom = Symbol('needs the room');

/** @see {@link WorkflowStore} */
export function createWorkflowStore(db: Db): WorkflowStore {
  return {
    createRoom: (room) =>
      inTransaction(db, async (tx) => {
        await lockViewer(tx, room.viewerId);
        const [row] = await tx.insert(rooms).values(room).returning();
        if (row === undefined) throw new Error('an insert returned no row');
        return toRoomRecord(row);
      }),

    create: (command) => inTransaction(db, (tx) => createWorkflow(tx, command)),

    async change(target, decide) {
      const run = (withRoom: boolean) =>
        inTransaction(db, async (tx) => {
          if (!(await lockWorkflow(tx, target, withRoom))) return null;
          const view = await readView(tx, target.workflowId);
          if (view === null) return null;
          const verdict = decide(view);
          if (verdict.type === 'skip') {
            return { type: 'skipped' as const, reason: verdict.reason, workflow: view.workflow };
          }
          const finishes = verdict.change.decisions.some(({ type }) => type === 'finish');
          // Nothing is written yet: ending this transaction and starting over keeps the order of locks.
          if (finishes && !withRoom) return needsRoom;
          return { type: 'changed' as const, ...(await writeChange(tx, view, verdict.change)) };
        });
      const changed = await run(false);
      if (changed !== needsRoom) return changed;
      const ended = await run(true);
      if (ended === needsRoom) throw new Error('asked for the room with the room locked');
      return ended;
    },

    async context({ workflowId }) {
      const [workflow] = await db.select().from(workflows).where(eq(workflows.id, workflowId));
      if (workflow === undefined) throw new Error(`there is no workflow ${workflowId}`);
      const finished = await db
        .select({ agent: steps.agent, result: steps.result })
        .from(steps)
        .where(and(eq(steps.workflowId, workflowId), isNotNull(steps.result)));
      const results: StepResults = {};
      for (const { agent, result } of finished) if (result !== null) results[agent] = result;
      return { workflow: toWorkflowRecord(workflow), results };
    },

    promote: (viewerId, maxRunning, decide) =>
      inTransaction(db, async (tx) => {
        await lockViewer(tx, viewerId);
        if (maxRunning > 0 && (await countRunning(tx, viewerId)) >= maxRunning) return null;
        const [oldest] = await tx
          .select({ id: workflows.id })
          .from(workflows)
          .where(and(eq(workflows.viewerId, viewerId), eq(workflows.status, 'queued')))
          .orderBy(asc(workflows.id))
          .limit(1);
        if (oldest === undefined || !(await lockWorkflow(tx, { workflowId: oldest.id }, true))) return null;
        const view = await readView(tx, oldest.id);
        return view && { type: 'changed' as const, ...(await writeChange(tx, view, decide(view))) };
      }),

    async view(viewerId, workflowId) {
      const view = await readView(db, workflowId);
      return view?.workflow.viewerId === viewerId ? view : null;
    },
  };
}
