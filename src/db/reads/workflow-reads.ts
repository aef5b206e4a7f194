import { and, asc, desc, eq, getTableColumns, gt, isNotNull, lt, type SQL, sql } from 'drizzle-orm';
import { isUuid } from '../../orchestrator/domain/cursor.ts';
import type { StepId } from '../../orchestrator/ports/dispatch.ts';
import type { WorkflowReads } from '../../orchestrator/ports/reads.ts';
import { arrayLiteral, type Db } from '../client.ts';
import { stepColumns, workflowColumns } from '../columns.ts';
import { attempts, deployments, rooms, stepOutputs, steps, usages, workflows } from '../tables.ts';
import { anyOf, beforeIn, byParent, itemsOf, sliceOf } from './pages.ts';

/** Workflows, and everything that belongs to them. */
export function createWorkflowReads(db: Db): WorkflowReads {
  return { ...workflowReads(db), ...stepReads(db), ...deploymentReads(db) };
}

function workflowReads(db: Db): Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'listByRooms' | 'activity'> {
  /** The newest workflows of each room that the surrounding statement selects; the index reads at most `limit`. */
  const newestOfRoom = (limit: number, where?: SQL) =>
    db
      .select(workflowColumns)
      .from(workflows)
      .where(and(eq(workflows.roomId, rooms.id), where))
      .orderBy(desc(workflows.id))
      .limit(limit)
      .as('newest');

  return {
    byIds(viewerId, ids) {
      return db
        .select(workflowColumns)
        .from(workflows)
        .where(and(eq(workflows.viewerId, viewerId), anyOf(workflows.id, ids)));
    },

    async latestByRooms(viewerId, roomIds) {
      const latest = newestOfRoom(1);
      const rows = await db
        .select({ item: latest._.selectedFields })
        .from(rooms)
        .innerJoinLateral(latest, sql`true`)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, roomIds)));
      return itemsOf(rows);
    },

    async listByRooms(viewerId, roomIds, { first, afterId }) {
      const page = newestOfRoom(first + 1, afterId === undefined ? undefined : lt(workflows.id, afterId));
      const preceding = beforeIn({ table: workflows, owned: eq(workflows.roomId, rooms.id) }, afterId);
      const rows = await db
        .select({ parentId: rooms.id, ...preceding, item: page._.selectedFields })
        .from(rooms)
        .leftJoinLateral(page, sql`true`)
        .where(and(eq(rooms.viewerId, viewerId), anyOf(rooms.id, roomIds)))
        .orderBy(rooms.id, desc(page.id));
      return new Map([...byParent(rows)].map(([roomId, group]) => [roomId, sliceOf(itemsOf(group), first, group[0])]));
    },

    async activity(viewerId) {
      const isQueued = eq(workflows.status, 'queued');
      const [row] = await db
        .select({
          running: sql<number>`(count(*) filter (where ${eq(workflows.status, 'running')}))::int`,
          queued: sql<number>`(count(*) filter (where ${isQueued}))::int`,
          oldestQueuedAt: sql`min(${workflows.createdAt}) filter (where ${isQueued})`.mapWith(workflows.createdAt),
        })
        .from(workflows)
        .where(and(eq(workflows.viewerId, viewerId), sql`${workflows.status} in ('queued', 'running')`));
      return row ?? { running: 0, queued: 0, oldestQueuedAt: null };
    },
  };
}

function stepReads(db: Db): Pick<WorkflowReads, 'steps' | 'attempts' | 'usages' | 'results' | 'outputs'> {
  return {
    steps(viewerId, workflowIds) {
      return db
        .select(stepColumns)
        .from(steps)
        .innerJoin(workflows, eq(workflows.id, steps.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(steps.workflowId, workflowIds)))
        .orderBy(asc(steps.workflowId), asc(steps.agent));
    },

    attempts(viewerId, workflowIds) {
      return db
        .select(getTableColumns(attempts))
        .from(attempts)
        .innerJoin(workflows, eq(workflows.id, attempts.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(attempts.workflowId, workflowIds)))
        .orderBy(asc(attempts.workflowId), asc(attempts.agent), asc(attempts.number));
    },

    usages(viewerId, workflowIds) {
      return db
        .select(getTableColumns(usages))
        .from(usages)
        .innerJoin(workflows, eq(workflows.id, usages.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(usages.workflowId, workflowIds)))
        .orderBy(asc(usages.workflowId), asc(usages.agent), asc(usages.leaseNumber));
    },

    async results(viewerId, requested) {
      const rows = await db
        .select({ workflowId: steps.workflowId, agent: steps.agent, result: steps.result })
        .from(steps)
        .innerJoin(workflows, eq(workflows.id, steps.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), isNotNull(steps.result), isOneOf(requested)));
      return rows.flatMap(({ result, ...step }) => (result === null ? [] : [{ ...step, result }]));
    },

    outputs(viewerId, requested) {
      const { length, ...columns } = getTableColumns(stepOutputs);
      return db
        .select(columns)
        .from(steps)
        .innerJoin(workflows, eq(workflows.id, steps.workflowId))
        .innerJoin(
          stepOutputs,
          and(
            eq(stepOutputs.workflowId, steps.workflowId),
            eq(stepOutputs.agent, steps.agent),
            eq(stepOutputs.leaseNumber, steps.leaseNumber),
          ),
        )
        .where(and(eq(workflows.viewerId, viewerId), isOneOf(requested)))
        .orderBy(asc(stepOutputs.channel));
    },
  };
}

/** Whether the row of `steps` is one of these. Text that is not a UUID matches no row. */
function isOneOf(requested: readonly StepId[]): SQL {
  const valid = requested.filter(({ workflowId }) => isUuid(workflowId));
  const workflowIds = arrayLiteral(valid.map(({ workflowId }) => workflowId));
  const agents = arrayLiteral(valid.map(({ agent }) => agent));
  return sql`(${steps.workflowId}, ${steps.agent}) in (select * from unnest(${workflowIds}::uuid[], ${agents}::agent_name[]))`;
}

function deploymentReads(db: Db): Pick<WorkflowReads, 'deployments' | 'deploymentsAfter'> {
  return {
    deployments(viewerId, workflowIds) {
      return db
        .select(getTableColumns(deployments))
        .from(deployments)
        .innerJoin(workflows, eq(workflows.id, deployments.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(deployments.workflowId, workflowIds)));
    },

    deploymentsAfter(roomId, after) {
      return db
        .select()
        .from(deployments)
        .where(and(anyOf(deployments.roomId, [roomId]), gt(deployments.completedAt, after)))
        .orderBy(asc(deployments.completedAt), asc(deployments.workflowId));
    },
  };
}
