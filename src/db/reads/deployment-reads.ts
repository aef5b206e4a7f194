import { and, asc, eq, getTableColumns, gt } from 'drizzle-orm';
import type { WorkflowReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { deployments, workflows } from '../tables.ts';
import { anyOf } from './any-of.ts';

type DeploymentReads = Pick<WorkflowReads, 'deployments' | 'deploymentsAfter'>;

export function createDeploymentReads(db: Db): DeploymentReads {
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
