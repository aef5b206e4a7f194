import { isWorkflowFinished } from '../orchestrator/domain/workflow.ts';
import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import type { WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { DeploymentRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { Hub } from './hub.ts';
import { readRows } from './read-rows.ts';

type Deps = {
  hub: Hub;
  workflows: Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'deployments' | 'deploymentsAfter'>;
};

/** A workflow's deployment, no matter when it completed, and then the end. Just the end if there will be none. */
export function watchDeploymentOfWorkflow(
  { hub, workflows }: Deps,
  viewerId: string,
  { id, roomId }: WorkflowRecord,
): PipeableIterator<DeploymentRecord> {
  return readRows(hub, roomId, async () => {
    // In this order: if the workflow is read as finished, its deployment is there by the second read, or never.
    const [workflow] = await workflows.byIds(viewerId, [id]);
    const items = await workflows.deployments(viewerId, [id]);
    return { items, isDone: items.length > 0 || workflow === undefined || isWorkflowFinished(workflow.status) };
  });
}

/**
 * Each deployment of a room that completes from now on. With `since` also those completed after that instant, oldest
 * first; a `since` in the future excludes nothing. It is compared in ms, the precision of `completedAt` in the API: a
 * client that passes back the time of its last deployment does not receive that one again.
 *
 * At most one of a room's workflows is unfinished, so its deployments complete one after the other, and the time of the
 * last one sent serves as the cursor. Those that share its millisecond are recognized by their workflow.
 */
export async function watchDeploymentsOfRoom(
  { hub, workflows }: Deps,
  viewerId: string,
  roomId: string,
  since: Date | null,
): Promise<PipeableIterator<DeploymentRecord>> {
  // Earlier workflows ended before the latest began, by the same clock.
  const [latest] = await workflows.latestByRooms(viewerId, [roomId]);
  let cursor = earlier(latest?.createdAt ?? new Date(0), since);
  const existing = await workflows.deploymentsAfter(roomId, cursor);
  const isOld = ({ completedAt }: DeploymentRecord) => since === null || completedAt.getTime() <= since.getTime();
  let sent = new Set(existing.filter(isOld).map(({ workflowId }) => workflowId));

  return readRows(hub, roomId, async () => {
    const rows = await workflows.deploymentsAfter(roomId, cursor);
    const items = rows.filter(({ workflowId }) => !sent.has(workflowId));
    const newest = rows.at(-1);
    if (newest !== undefined) {
      cursor = newest.completedAt;
      sent = new Set(rows.map(({ workflowId }) => workflowId));
    }
    return { items, isDone: false };
  });
}

function earlier(a: Date, b: Date | null): Date {
  return b !== null && b < a ? b : a;
}
